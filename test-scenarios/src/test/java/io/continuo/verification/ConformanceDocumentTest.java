package io.continuo.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConformanceDocumentTest {
  @TempDir Path directory;

  @Test
  void sectionsAreInNaturalOrder() {
    assertThat(
            Stream.of("RFC 4975 §7.10", "RFC 822 §1", "RFC 4975 §7.3.1", "RFC 4975 §7.3")
                .map(SpecSection::parse)
                .sorted()
                .map(SpecSection::toString))
        .containsExactly("RFC 822 §1", "RFC 4975 §7.3", "RFC 4975 §7.3.1", "RFC 4975 §7.10");
  }

  @Test
  void aTopicOfOurOwnProfileIsASectionToo() {
    assertThat(SpecSection.parse("wire: glare")).isEqualTo(new SpecSection("wire", "glare"));
  }

  @Test
  void aTestsNameBecomesASentence() {
    assertThat(test("RFC 1 §1", "aChunkBeforeTheAnswerIsRefused").sentence())
        .isEqualTo("A chunk before the answer is refused");
    assertThat(test("RFC 1 §1", "anMSRPRequestGets481AtOnce").sentence())
        .isEqualTo("An MSRP request gets 481 at once");
  }

  @Test
  void everyTestIsARowOfItsDocument() throws IOException {
    assertThat(document(test("RFC 4975 §7.3.1", "aBodilessSendIsAnswered")).text())
        .contains("## RFC 4975")
        .contains("| 7.3.1 Answering a SEND | A bodiless send is answered | 200 | `ATest` |");
  }

  @Test
  void aSectionWithoutATestIsNotShown() throws IOException {
    assertThat(document(test("RFC 4975 §7.3.1", "aTest")).text())
        .contains("1 sections are shown by 1 tests; 1 sections")
        .contains("| RFC 4975 §9 | The syntax |")
        .doesNotContain("| RFC 4975 §7.3.1 |");
  }

  @Test
  void aTestOfAPartShowsTheWhole() {
    SpecSection part = SpecSection.parse("RFC 4975 §7.1");
    assertThat(part.isShownBy(SpecSection.parse("RFC 4975 §7.1.2"))).isTrue();
    assertThat(part.isShownBy(SpecSection.parse("RFC 4975 §7.10"))).isFalse();
    assertThat(part.isShownBy(SpecSection.parse("RFC 4976 §7.1"))).isFalse();
  }

  @Test
  void theSameDocumentIsAccepted() throws IOException {
    ConformanceDocument document = document(test("RFC 4975 §7.3.1", "aTest"));
    assertThat(document.complaints(document.text())).isEmpty();
  }

  @Test
  void aDifferenceIsNamedWithTheCommandThatWritesTheDocument() throws IOException {
    String before = document(test("RFC 4975 §7.3.1", "anOldTest")).text();
    assertThat(document(test("RFC 4975 §7.3.1", "aNewTest")).complaints(before))
        .anyMatch(line -> line.contains("-Dconformance.write"))
        .anyMatch(line -> line.startsWith("+ ") && line.contains("A new test"))
        .anyMatch(line -> line.startsWith("- ") && line.contains("An old test"));
  }

  @Test
  void theOrderInWhichTestsRanDoesNotMatter() throws IOException {
    ShownTest first = test("RFC 4975 §9", "one");
    ShownTest second = test("RFC 4975 §7.3.1", "two");
    assertThat(document(first, second).text()).isEqualTo(document(second, first).text());
  }

  @Test
  void aLineOfAnotherFormIsAnError() {
    assertThatThrownBy(() -> ShownTest.parse("RFC 1 §1\tATest")).isInstanceOf(IOException.class);
  }

  private static ShownTest test(String section, String method) {
    return new ShownTest(SpecSection.parse(section), "ATest", method, "passed", "200");
  }

  private ConformanceDocument document(ShownTest... tests) throws IOException {
    Path sections = directory.resolve("sections.txt");
    Files.writeString(
        sections, "# comment\nRFC 4975 §7.3.1 | Answering a SEND\nRFC 4975 §9 | The syntax\n");
    return new ConformanceDocument(List.of(tests), ExpectedSections.read(sections));
  }
}
