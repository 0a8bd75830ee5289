package io.continuo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class SpecReportTest {
  @TempDir Path directory;

  @Test
  void aTestIsWrittenOnceForEachSectionThatItShows() throws IOException {
    assertThat(linesOf(Examples.class))
        .contains(
            "RFC 9999 §1\t" + Examples.class.getName() + "\ttwoSections\tpassed\t",
            "RFC 9999 §2\t" + Examples.class.getName() + "\ttwoSections\tpassed\t");
  }

  @Test
  void whatTheTestObservedIsWrittenOnOneLine() throws IOException {
    assertThat(linesOf(Examples.class))
        .contains(
            "RFC 9999 §3\t" + Examples.class.getName() + "\tobserves\tpassed\t481 No session");
  }

  @Test
  void aParameterisedTestIsOneLineWithEverythingItObserved() throws IOException {
    assertThat(linesOf(Examples.class))
        .contains("RFC 9999 §4\t" + Examples.class.getName() + "\tmany\tpassed\t400; 413");
  }

  @Test
  void aParameterisedTestThatPublishesNothingTellsItsCases() throws IOException {
    assertThat(linesOf(Examples.class))
        .contains("RFC 9999 §7\t" + Examples.class.getName() + "\tsilent\tpassed\t3 cases");
  }

  @Test
  void aFailureOfOneInvocationIsTheResultOfTheTest() throws IOException {
    assertThat(linesOf(Failing.class))
        .containsExactly("RFC 9999 §5\t" + Failing.class.getName() + "\tfailsOnce\tfailed\t");
  }

  @Test
  void theSectionsOfAContractCountForTheClassThatRunsIt() throws IOException {
    assertThat(linesOf(RunsContract.class))
        .containsExactly("RFC 9999 §6\t" + RunsContract.class.getName() + "\tholds\tpassed\t");
  }

  @Test
  void aTestWithoutSectionIsNotWritten() throws IOException {
    assertThat(linesOf(Examples.class)).noneMatch(line -> line.contains("nothingToShow"));
  }

  private List<String> linesOf(Class<?> tests) throws IOException {
    LauncherConfig config =
        LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false).build();
    LauncherFactory.create(config)
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(tests))
                .build(),
            new SpecReport(directory));
    return Files.readAllLines(directory.resolve(tests.getName() + ".tsv"));
  }

  /// Not found by Surefire: its name has no `Test`, and nested static classes are not scanned.
  static class Examples {
    @Test
    @Spec("RFC 9999 §1")
    @Spec("RFC 9999 §2")
    void twoSections() {}

    @Test
    @Spec("RFC 9999 §3")
    void observes(TestReporter reporter) {
      reporter.publishEntry("observed", "481\n\tNo session");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 413})
    @Spec("RFC 9999 §4")
    void many(int status, TestReporter reporter) {
      reporter.publishEntry("observed", String.valueOf(status));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    @Spec("RFC 9999 §7")
    void silent(int number) {
      assertThat(number).isPositive();
    }

    @Test
    void nothingToShow() {}
  }

  static class Failing {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    @Spec("RFC 9999 §5")
    void failsOnce(int number) {
      assertThat(number).isNotEqualTo(2);
    }
  }

  interface Contract {
    @Test
    @Spec("RFC 9999 §6")
    default void holds() {}
  }

  static class RunsContract implements Contract {}
}
