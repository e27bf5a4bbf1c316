import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.http.HttpServerTransport;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * One Elasticsearch node, on 127.0.0.1 only.
 *
 * <p>Arguments: home (modules and logging), folder (data, snapshots and node.json), port (the first to try; the next
 * hundred follow), parent (the process to die with, 0 for none). Once HTTP listens, node.json says pid and port; it goes
 * when the node has closed.
 */
public final class Launcher {
  private static final String NAME = "watcher";
  private static final long PARENT_CHECK_MS = 100;
  private static final long CLOSE_S = 15;

  public static void main(String[] args) throws InterruptedException {
    try {
      start(Path.of(args[0]), Path.of(args[1]), Integer.parseInt(args[2]), Long.parseLong(args[3]));
    } catch (Throwable failure) {
      // Threads of the half-built node would keep the process alive.
      failure.printStackTrace();
      System.exit(1);
    }
    Thread.currentThread().join();
  }

  private static void start(Path home, Path folder, int port, long parent) throws Exception {
    LogConfigurator.setNodeName(NAME);
    LogConfigurator.configureESLogging();
    Node node = node(home, folder, port);
    Path state = folder.resolve("node.json");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node, state)));
    if (parent != 0) {
      Thread watch = new Thread(() -> dieWith(parent), "parent-watch");
      watch.setDaemon(true);
      watch.start();
    }
    node.start();
    announce(node, state);
  }

  private static Node node(Path home, Path folder, int port) {
    Settings settings = Settings.builder()
      .put("path.home", home)
      .putList("path.data", folder.resolve("data").toString())
      .putList("path.repo", folder.resolve("snapshots").toString())
      .put("path.logs", folder.resolve("logs"))
      .put("cluster.name", NAME)
      .put("node.name", NAME)
      .put("discovery.type", "single-node")
      .put("network.host", "127.0.0.1")
      .put("http.host", "127.0.0.1")
      .put("http.port", port + "-" + (port + 99))
      .put("transport.host", "127.0.0.1")
      .put("transport.port", "0")
      // A development disk is often more than 90 % full, and a node alone has nowhere to move its shards.
      .put("cluster.routing.allocation.disk.threshold_enabled", false)
      .build();
    Environment env = InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), home.resolve("config"), () -> NAME);
    // false: the modules are read from the class path and not as Java modules.
    return new Node(env, PluginsLoader.createPluginsLoader(
      PluginsLoader.loadModulesBundles(env.modulesDir()), Set.of(), Map.of(), false));
  }

  /** The parent's death shows as a new parent, even while nobody has reaped it or a child of its own holds its pipes. */
  private static void dieWith(long parent) {
    while (ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(-1L) == parent) {
      try {
        Thread.sleep(PARENT_CHECK_MS);
      } catch (InterruptedException e) {
        return;
      }
    }
    System.exit(0);
  }

  private static void announce(Node node, Path state) throws Exception {
    int port = node.injector().getInstance(HttpServerTransport.class).boundAddress().publishAddress().getPort();
    Path draft = state.resolveSibling("node.json.new");
    Files.writeString(draft, "{\"pid\": " + ProcessHandle.current().pid() + ", \"port\": " + port + "}\n");
    Files.move(draft, state, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void close(Node node, Path state) {
    try {
      node.close();
      node.awaitClose(CLOSE_S, TimeUnit.SECONDS);
      Files.deleteIfExists(state);
    } catch (Exception e) {
      e.printStackTrace();
    }
  }
}
