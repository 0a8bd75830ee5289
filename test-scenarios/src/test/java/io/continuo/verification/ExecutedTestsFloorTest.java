package io.continuo.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutedTestsFloorTest {
  @TempDir Path root;

  @Test
  void theTestsOfUnitAndScenarioRunsOfAllModulesAreSummed() throws IOException {
    report("codec", "surefire-reports", "io.continuo.ATest", 7, 0);
    report("codec", "failsafe-reports", "io.continuo.AnIT", 2, 0);
    report("server", "surefire-reports", "io.continuo.BTest", 5, 0);

    assertThat(sum()).isEqualTo(new ExecutedTests(14, 0));
  }

  @Test
  void aSkippedTestWasNotExecuted() throws IOException {
    report("codec", "surefire-reports", "io.continuo.ATest", 7, 3);

    assertThat(sum()).isEqualTo(new ExecutedTests(4, 3));
  }

  @Test
  void theReportOfAClassThatIsGoneDoesNotCount() throws IOException {
    report("codec", "surefire-reports", "io.continuo.ATest", 7, 0);
    Files.delete(root.resolve("codec/target/test-classes/io/continuo/ATest.class"));

    assertThat(sum()).isEqualTo(new ExecutedTests(0, 0));
  }

  @Test
  void aBrokenReportIsAnError() throws IOException {
    report("codec", "surefire-reports", "io.continuo.ATest", 7, 0);
    Files.writeString(
        root.resolve("codec/target/surefire-reports/TEST-io.continuo.ATest.xml"), "<testsuite");

    assertThatThrownBy(this::sum).isInstanceOf(IOException.class).hasMessageContaining("ATest.xml");
  }

  @Test
  void fewerTestsThanTheFloorFail() {
    assertThat(ExecutedTestsFloor.complaints(new ExecutedTests(9, 0), 10))
        .singleElement()
        .asString()
        .contains("Only 9 tests");
    assertThat(ExecutedTestsFloor.complaints(new ExecutedTests(10, 0), 10)).isEmpty();
  }

  @Test
  void aSkippedTestFailsEvenAboveTheFloor() {
    assertThat(ExecutedTestsFloor.complaints(new ExecutedTests(11, 1), 10))
        .singleElement()
        .asString()
        .contains("skipped");
  }

  @Test
  void theFloorIsTheOneNumberOfTheFile() throws IOException {
    assertThat(ExecutedTestsFloor.floorIn(List.of("# a comment", "", " 412 "))).isEqualTo(412);
    assertThatThrownBy(() -> ExecutedTestsFloor.floorIn(List.of("12", "13")))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> ExecutedTestsFloor.floorIn(List.of("-1")))
        .isInstanceOf(IOException.class);
  }

  private ExecutedTests sum() throws IOException {
    ExecutedTests sum = new ExecutedTests(0, 0);
    for (ModuleDirectory module : ModuleDirectory.below(root)) {
      sum = sum.plus(ExecutedTests.of(module));
    }
    return sum;
  }

  private void report(String module, String kind, String name, int tests, int skipped)
      throws IOException {
    Path target = root.resolve(module).resolve("target");
    Files.createDirectories(target.resolve(kind));
    Files.write(root.resolve(module).resolve("pom.xml"), List.of("<project/>"));
    Files.writeString(
        target.resolve(kind).resolve("TEST-" + name + ".xml"),
        "<?xml version=\"1.0\"?><testsuite name=\"%s\" tests=\"%d\" skipped=\"%d\"/>"
            .formatted(name, tests, skipped));
    Path type = target.resolve("test-classes").resolve(name.replace('.', '/') + ".class");
    Files.createDirectories(type.getParent());
    Files.writeString(type, "");
  }
}
