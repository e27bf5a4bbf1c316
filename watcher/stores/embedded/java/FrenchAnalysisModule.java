import java.util.Map;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.fr.FrenchLightStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.util.ElisionFilter;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.index.IndexSettings;
import org.elasticsearch.index.analysis.AbstractTokenFilterFactory;
import org.elasticsearch.index.analysis.Analysis;
import org.elasticsearch.index.analysis.NormalizingTokenFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;

/**
 * The filters that French indexing needs, under the names and settings of Elasticsearch's own analysis-common module,
 * which is on no registry: the same template works here and on a full cluster.
 */
public final class FrenchAnalysisModule extends Plugin implements AnalysisPlugin {
  @Override
  public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
    return Map.of(
      "asciifolding", Folding::new,
      "elision", Elision::new,
      "stemmer", AnalysisPlugin.requiresAnalysisSettings(Stemmer::new));
  }

  static final class Folding extends AbstractTokenFilterFactory implements NormalizingTokenFilterFactory {
    private final boolean preserveOriginal;

    Folding(IndexSettings index, Environment env, String name, Settings settings) {
      super(name);
      preserveOriginal = settings.getAsBoolean("preserve_original", false);
    }

    @Override
    public TokenStream create(TokenStream tokens) {
      return new ASCIIFoldingFilter(tokens, preserveOriginal);
    }

    @Override
    public TokenStream normalize(TokenStream tokens) {
      return new ASCIIFoldingFilter(tokens);
    }
  }

  static final class Elision extends AbstractTokenFilterFactory implements NormalizingTokenFilterFactory {
    private final CharArraySet articles;

    Elision(IndexSettings index, Environment env, String name, Settings settings) {
      super(name);
      CharArraySet given = Analysis.parseArticles(env, settings);
      articles = given == null ? FrenchAnalyzer.DEFAULT_ARTICLES : given;
    }

    @Override
    public TokenStream create(TokenStream tokens) {
      return new ElisionFilter(tokens, articles);
    }
  }

  static final class Stemmer extends AbstractTokenFilterFactory {
    Stemmer(IndexSettings index, Environment env, String name, Settings settings) {
      super(name);
      String language = settings.get("language", settings.get("name", ""));
      if (!"light_french".equals(language)) {
        throw new IllegalArgumentException(
          "stemmer [" + name + "]: this node knows language [light_french] only, not [" + language + "]");
      }
    }

    @Override
    public TokenStream create(TokenStream tokens) {
      return new FrenchLightStemFilter(tokens);
    }
  }
}
