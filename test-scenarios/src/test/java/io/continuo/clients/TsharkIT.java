package io.continuo.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.clients.Tshark.Verdict;
import io.continuo.clients.doubles.Aosp;
import io.continuo.clients.doubles.Blink;
import io.continuo.clients.doubles.ClientDouble;
import io.continuo.clients.doubles.LineageOs;
import io.continuo.clients.doubles.Rcsjta;
import io.continuo.clients.doubles.Said;
import io.continuo.clients.doubles.Samsung;
import io.continuo.clients.doubles.Wiretap.Heard;
import io.continuo.conformance.Spec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// tshark reads every byte that the server sent in one run, and finds nothing wrong; and finds what
/// is wrong when something is.
class TsharkIT {
  private static final String LONG = "long ".repeat(1000);

  /// A connection that is not in the run.
  private static final int DISCARD_PORT = 9;

  @TempDir static Path directory;

  private static List<Heard> run;

  @BeforeAll
  static void everythingIsSaidOnce() throws IOException {
    try (Clients clients = Clients.start(directory.resolve("server"))) {
      Samsung bob = clients.registered("bob1", Samsung::new);
      Rcsjta rcsjta = clients.registered("alice1", Rcsjta::new);
      Blink blink = clients.registered("alice1", Blink::new);
      LineageOs lineageOs = clients.registered("alice1", LineageOs::new);
      String lunch = rcsjta.invitesSaying("bob1", "Lunch?");
      List<ClientDouble> others = List.of(bob, blink, lineageOs);
      others.forEach(ClientDouble::isInvited);
      Said heard = bob.hears("Lunch?");
      rcsjta.isTold(lunch, "delivered");
      bob.shows(heard);
      rcsjta.isTold(lunch, "displayed");
      bob.types();
      rcsjta.seesTyping();
      blink.says("Grüße");
      bob.hears("Grüße");
      bob.says(LONG);
      lineageOs.hears(LONG);

      rcsjta.leaves();
      Blink late = clients.registered("bob1", Blink::new);
      late.isInvited();
      late.hears(LONG);
      clients.areAtRest();
      bob.leaves();
      blink.isLeft();

      Aosp aosp = clients.registered("alice2", Aosp::new);
      clients.registered("bob2", Samsung::new);
      aosp.invites("bob2");
      aosp.isTold(aosp.says("short"), "delivered");
      run = clients.heard();
    }
  }

  @Test
  @Spec("wire: interop contract")
  void tsharkFindsNothingWrongWithWhatWeSend(@TempDir Path files) throws IOException {
    Verdict verdict = Tshark.judge(files.resolve("run.pcap"), run);

    assertThat(verdict.complaints()).isEmpty();
    assertThat(verdict.sip()).isEqualTo(sentByUs(false)).isGreaterThan(20);
    assertThat(verdict.msrp()).isEqualTo(sentByUs(true)).isGreaterThan(20);
    assertThat(verdict.sdp()).isGreaterThanOrEqualTo(5);
  }

  private static int sentByUs(boolean msrp) {
    return (int) run.stream().filter(each -> !each.byDouble() && each.msrp() == msrp).count();
  }

  /// What is broken in one message of ours.
  enum Fault {
    MSRP_END_LINE_OF_ANOTHER(true, text -> text.replaceFirst("-------(\\w)", "-------x$1")),
    MSRP_WITHOUT_ITS_END(true, text -> text.substring(0, text.lastIndexOf("-------"))),
    MSRP_FLAG(true, text -> text.replaceFirst("[$+]\r\n$", "!\r\n")),
    MSRP_WITHOUT_FROM_PATH(true, text -> text.replaceFirst("From-Path: [^\r]*\r\n", "")),
    MSRP_START_LINE(true, text -> text.replaceFirst("^MSRP ", "MRSP ")),
    SIP_WITHOUT_CALL_ID(false, text -> text.replaceFirst("Call-ID: [^\r]*\r\n", "")),
    SIP_HEADER_WITHOUT_COLON(false, text -> text.replaceFirst("Via: ", "Via ")),
    SIP_CONTENT_LENGTH(false, text -> text.replaceFirst("Content-Length: ", "Content-Length: 9")),
    SIP_START_LINE(false, text -> text.replaceFirst("SIP/2.0", "SIP-2.0")),
    SDP_PORT(false, text -> text.replaceFirst("m=message \\d+ ", "m=message ")),
    SDP_ORIGIN(false, text -> text.replaceFirst("o=[^\r]*\r\n", ""));

    private final boolean msrp;
    private final UnaryOperator<String> breaking;

    Fault(boolean msrp, UnaryOperator<String> breaking) {
      this.msrp = msrp;
      this.breaking = breaking;
    }
  }

  /// The same run with one message broken, said on a connection of its own so that nothing behind
  /// it suffers.
  @ParameterizedTest
  @EnumSource
  void aPlantedFaultIsFound(Fault fault, @TempDir Path files) throws IOException {
    List<Heard> planted = new ArrayList<>(run);
    planted.add(broken(fault));

    assertThat(Tshark.judge(files.resolve("planted.pcap"), planted).complaints()).hasSize(1);
  }

  private static Heard broken(Fault fault) {
    List<Heard> candidates =
        run.stream()
            .filter(each -> !each.byDouble() && !each.datagram() && each.msrp() == fault.msrp)
            .toList();
    for (Heard each : candidates) {
      String text = new String(each.bytes(), StandardCharsets.ISO_8859_1);
      String worse = fault.breaking.apply(text);
      if (!worse.equals(text)) {
        InetSocketAddress unused = new InetSocketAddress(each.to().getAddress(), DISCARD_PORT);
        byte[] bytes = worse.getBytes(StandardCharsets.ISO_8859_1);
        return new Heard(each.msrp(), false, false, each.from(), unused, bytes);
      }
    }
    throw new AssertionError("nothing to break for " + fault);
  }
}
