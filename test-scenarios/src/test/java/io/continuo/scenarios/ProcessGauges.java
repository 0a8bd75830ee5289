package io.continuo.scenarios;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What another JVM on this Linux machine holds, seen from outside: nothing in it can lie.
///
/// @param pid of the process
record ProcessGauges(long pid) {
  private static final Pattern THREADS = Pattern.compile("(?m)^Threads:\\s+(\\d+)$");
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");

  /// Threads of the system, those of the JVM itself included.
  long threads() throws IOException {
    return number(THREADS, Files.readString(Path.of("/proc/" + pid + "/status")));
  }

  long fileDescriptors() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return all.count();
    }
  }

  /// Bytes of live objects, after a full collection.
  long liveHeap() throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process =
        new ProcessBuilder(jcmd, Long.toString(pid), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    try (var output = process.getInputStream()) {
      return number(TOTAL, new String(output.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static long number(Pattern form, String text) {
    Matcher found = form.matcher(text);
    if (!found.find()) {
      throw new AssertionError("no " + form + " in: " + text);
    }
    return Long.parseLong(found.group(1));
  }
}
