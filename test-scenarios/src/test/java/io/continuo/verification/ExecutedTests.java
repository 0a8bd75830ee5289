package io.continuo.verification;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// How many tests the reports of Surefire and Failsafe tell of.
///
/// @param executed tests that ran
/// @param skipped tests that did not run: disabled, or by an assumption
record ExecutedTests(int executed, int skipped) {
  private static final List<String> REPORTS = List.of("surefire-reports", "failsafe-reports");
  private static final String PREFIX = "TEST-";
  private static final String SUFFIX = ".xml";
  private static final ExecutedTests NONE = new ExecutedTests(0, 0);

  static ExecutedTests of(ModuleDirectory module) throws IOException {
    ExecutedTests sum = NONE;
    for (String directory : REPORTS) {
      for (Path report : module.built(directory, PREFIX, SUFFIX)) {
        if (module.hasTestClass(classOf(report))) {
          sum = sum.plus(read(report));
        }
      }
    }
    return sum;
  }

  ExecutedTests plus(ExecutedTests other) {
    return new ExecutedTests(executed + other.executed, skipped + other.skipped);
  }

  static ExecutedTests read(Path report) throws IOException {
    try (InputStream in = Files.newInputStream(report)) {
      XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
      factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
      XMLStreamReader reader = factory.createXMLStreamReader(in);
      reader.nextTag();
      int skipped = Integer.parseInt(reader.getAttributeValue(null, "skipped"));
      int tests = Integer.parseInt(reader.getAttributeValue(null, "tests"));
      return new ExecutedTests(tests - skipped, skipped);
    } catch (XMLStreamException | NumberFormatException e) {
      throw new IOException(report + " is no test report", e);
    }
  }

  private static String classOf(Path report) {
    String name = report.getFileName().toString();
    return name.substring(PREFIX.length(), name.length() - SUFFIX.length());
  }
}
