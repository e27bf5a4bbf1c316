// A real Bluesky server (PDS and its directory of identities) on this machine, and its firehose as Jetstream writes it.
//
//   node bluesky_server.mjs FOLDER_OF_NODE_MODULES
//
// Prints one JSON line {"pds": url}, then one line an event of the firehose, in the form of Jetstream v1. Ends with its
// standard input.
import { createRequire } from "node:module";
import net from "node:net";

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...given) {
  const [first, ...rest] = given;
  if (typeof first === "object" && first !== null) return listen.call(this, { ...first, host: "127.0.0.1" }, ...rest);
  return listen.call(this, first, "127.0.0.1", ...rest.filter((item) => typeof item !== "string"));
};

const load = createRequire(`${process.argv[2]}/`);
const { TestNetworkNoAppView } = load("@atproto/dev-env");
const { Firehose, MemoryRunner } = load("@atproto/sync");
const { IdResolver } = load("@atproto/identity");
const { lexToJson } = load("@atproto/lexicon");

const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

function asJetstream(event) {
  const base = { did: event.did, time_us: Date.parse(event.time) * 1000 };
  if (event.event === "account") {
    const { did, active, status, seq, time } = event;
    return { ...base, kind: "account", account: { did, active, status, seq, time } };
  }
  if (event.event === "identity") {
    const { did, handle, seq, time } = event;
    return { ...base, kind: "identity", identity: { did, handle, seq, time } };
  }
  const { rev, collection, rkey, event: operation } = event;
  const written = operation === "delete" ? {} : { record: lexToJson(event.record), cid: event.cid.toString() };
  return { ...base, kind: "commit", commit: { rev, operation, collection, rkey, ...written } };
}

const network = await TestNetworkNoAppView.create({ pds: { hostname: "localhost" }, plc: {} });
const firehose = new Firehose({
  idResolver: new IdResolver({ plcUrl: network.plc.url }),
  service: network.pds.url.replace(/^http/, "ws"),
  unauthenticatedCommits: true,
  unauthenticatedHandles: true,
  excludeSync: true,
  runner: new MemoryRunner({ startCursor: 0 }),
  handleEvent: (event) => tell(asJetstream(event)),
  onError: (error) => process.stderr.write(`${error} ${error.cause ?? ""}\n`),
});
firehose.start();
tell({ pds: network.pds.url });
process.stdin.resume().on("end", async () => {
  await firehose.destroy();
  await network.close();
  process.exit(0);
});
