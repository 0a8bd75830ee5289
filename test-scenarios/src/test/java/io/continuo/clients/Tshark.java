package io.continuo.clients;

import io.continuo.clients.doubles.Wiretap.Heard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// What Wireshark's dissectors make of what we sent. They are a reader that nobody here wrote, and
/// a lenient one: beside what they call malformed or suspicious, a message is bad when they do not
/// find in it what every such message has.
final class Tshark {
  private static final int LIMIT_SECONDS = 60;

  private static final String[] FIELDS = {
    "frame.protocols",
    "_ws.malformed",
    "_ws.expert.message",
    "_ws.expert.severity",
    "msrp.method",
    "msrp.status.code",
    "msrp.status.code.invalid",
    "msrp.transaction.id",
    "msrp.cnt.flg",
    "msrp.to.path",
    "msrp.from.path",
    "msrp.messageid",
    "msrp.byte.range",
    "msrp.content.type",
    "sip.Method",
    "sip.Status-Line",
    "sip.Via",
    "sip.from.addr",
    "sip.from.tag",
    "sip.to.addr",
    "sip.Call-ID",
    "sip.CSeq.seq",
    "sip.CSeq.method",
    "sip.Content-Length",
    "sip.Content-Type",
    "sdp.version",
    "sdp.owner.address",
    "sdp.connection_info.address",
    "sdp.media.port",
    "sdp.media.proto",
    "sdp.media_attribute.field",
  };

  private static final int WARNING = 0x600000;

  private Tshark() {}

  /// @param sip messages of ours that were read as SIP
  /// @param msrp messages of ours that were read as MSRP
  /// @param sdp bodies of ours that were read as SDP
  /// @param complaints one for each bad message
  record Verdict(int sip, int msrp, int sdp, List<String> complaints) {}

  /// Reads all of them, and judges those that the server sent.
  static Verdict judge(Path file, List<Heard> messages) throws IOException {
    Capture.write(file, messages);
    List<String> rows = rows(file, messages);
    if (rows.size() != messages.size()) {
      throw new AssertionError(rows.size() + " rows for " + messages.size() + " messages");
    }
    int sip = 0;
    int msrp = 0;
    int sdp = 0;
    List<String> complaints = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      Heard message = messages.get(i);
      if (message.byDouble()) {
        continue;
      }
      Row row = new Row(rows.get(i));
      sip += row.has("sip.Call-ID") ? 1 : 0;
      msrp += row.has("msrp.transaction.id") ? 1 : 0;
      sdp += row.has("sdp.version") ? 1 : 0;
      List<String> wrong = message.msrp() ? row.wrongInMsrp() : row.wrongInSip();
      if (!wrong.isEmpty()) {
        complaints.add(wrong + " in\n" + new String(message.bytes(), StandardCharsets.UTF_8));
      }
    }
    return new Verdict(sip, msrp, sdp, complaints);
  }

  private static List<String> rows(Path file, List<Heard> messages) throws IOException {
    List<String> command = new ArrayList<>(List.of("tshark", "-n", "-r", file.toString()));
    for (String port : ports(messages)) {
      command.addAll(List.of("-d", port));
    }
    command.addAll(
        List.of("-T", "fields", "-E", "separator=/t", "-E", "occurrence=a", "-E", "aggregator=|"));
    for (String field : FIELDS) {
      command.addAll(List.of("-e", field));
    }
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new AssertionError("tshark failed: " + command);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return output.lines().toList();
  }

  /// Ports are free ones, so it is said what is spoken there.
  private static Set<String> ports(List<Heard> messages) {
    Set<String> ports = new LinkedHashSet<>();
    for (Heard message : messages) {
      int port = (message.byDouble() ? message.to() : message.from()).getPort();
      String transport = message.datagram() ? "udp" : "tcp";
      ports.add(transport + ".port==" + port + "," + (message.msrp() ? "msrp" : "sip"));
    }
    return ports;
  }

  /// The fields of one packet.
  private static final class Row {
    private final Map<String, String> fields = new HashMap<>();

    Row(String line) {
      String[] values = line.split("\t", -1);
      for (int i = 0; i < FIELDS.length; i++) {
        fields.put(FIELDS[i], i < values.length ? values[i] : "");
      }
    }

    boolean has(String field) {
      return !fields.get(field).isEmpty();
    }

    List<String> wrongInMsrp() {
      List<String> wrong = suspicious();
      lacks(wrong, "msrp.transaction.id", "msrp.to.path", "msrp.from.path", "msrp.cnt.flg");
      String[] transaction = fields.get("msrp.transaction.id").split("\\|", -1);
      if (transaction.length != 2 || !transaction[0].equals(transaction[1])) {
        wrong.add("transactions " + List.of(transaction));
      }
      if (!fields.get("msrp.cnt.flg").matches("[$+#]")) {
        wrong.add("flag " + fields.get("msrp.cnt.flg"));
      }
      if (fields.get("msrp.method").matches("SEND|REPORT")) {
        lacks(wrong, "msrp.messageid", "msrp.byte.range");
      } else if (!fields.get("msrp.status.code").matches("\\d{3}")) {
        wrong.add("neither a request that clients know nor a status");
      }
      return wrong;
    }

    List<String> wrongInSip() {
      List<String> wrong = suspicious();
      if (!has("sip.Method") && !has("sip.Status-Line")) {
        wrong.add("no start-line");
      }
      lacks(
          wrong,
          "sip.Via",
          "sip.from.addr",
          "sip.from.tag",
          "sip.to.addr",
          "sip.Call-ID",
          "sip.CSeq.seq",
          "sip.CSeq.method",
          "sip.Content-Length");
      if (fields.get("sip.Call-ID").contains("|")) {
        wrong.add("several Call-IDs");
      }
      if (fields.get("sip.Content-Type").startsWith("application/sdp")) {
        lacks(
            wrong,
            "sdp.version",
            "sdp.owner.address",
            "sdp.connection_info.address",
            "sdp.media.port",
            "sdp.media.proto",
            "sdp.media_attribute.field");
      }
      return wrong;
    }

    private List<String> suspicious() {
      List<String> wrong = new ArrayList<>();
      for (String each : fields.get("_ws.expert.severity").split("\\|")) {
        if (!each.isEmpty() && Long.decode(each) >= WARNING) {
          wrong.add(fields.get("_ws.expert.message"));
        }
      }
      if (has("_ws.malformed")) {
        wrong.add("malformed");
      }
      if (has("msrp.status.code.invalid")) {
        wrong.add("status " + fields.get("msrp.status.code.invalid"));
      }
      return wrong;
    }

    private void lacks(List<String> wrong, String... names) {
      for (String name : names) {
        if (!has(name)) {
          wrong.add("no " + name);
        }
      }
    }
  }
}
