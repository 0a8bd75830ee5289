package io.continuo.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.device.Chat;
import io.continuo.device.Device;
import io.continuo.device.DeviceConfig;
import io.continuo.device.ladder.Ladder;
import io.continuo.scenarios.StreamingPeer.Heard;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Messages that the server's memory could not hold: two of them do not fit into its heap, nor half
/// of one into what it may have beside the heap. Their sessions are agreed by the reference device;
/// the messages are said and heard by hand, since no device of ours would hold them.
///
/// `-Dcontinuo.large-message=1000` makes them a gigabyte, for the same memory; each test then
/// leaves up to two of that size on the disk until it has ended.
class LargeMessageIT {
  private static final List<String> LITTLE_MEMORY =
      List.of("-Xmx96m", "-XX:MaxDirectMemorySize=24m");

  private static final int BLOCK = 1 << 20;

  /// Of one message.
  private static final int BLOCKS = Integer.getInteger("continuo.large-message", 64);

  private static final int BLOCKS_BEFORE_THE_KILL = 10;
  private static final String LIMIT = BLOCKS + 1 + "MiB";
  private static final int CLIENT_CHUNK = 2048;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path directory;
  private final Ladder ladder = new Ladder("continuo");
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final byte[] block = new byte[BLOCK];
  private ServerProcess server;
  private StreamingPeer alice;
  private StreamingPeer bobsPhone;
  private StreamingPeer bobsTablet;

  @BeforeEach
  void begin() throws IOException {
    new Random(7).nextBytes(block);
    server =
        ServerProcess.start(
            ServerSetup.in(directory)
                .with("msrp.max-message", LIMIT)
                .with("msrp.reassembly-per-leg", LIMIT)
                .with("msrp.upload-bytes", LIMIT)
                .subscriber("alice")
                .subscriber("bob"),
            LITTLE_MEMORY);
    Device phone = registered("alice phone", "alice");
    Device first = registered("bob phone", "bob");
    Device second = registered("bob tablet", "bob");
    Chat inviting = phone.invite(address("bob"));
    inviting.awaitEstablished();
    alice = byHand(inviting);
    bobsPhone = byHand(accepted(first));
    bobsTablet = byHand(accepted(second));
  }

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable one : opened.reversed()) {
      one.close();
    }
    server.close();
    assertThat(server.output())
        .noneMatch(line -> line.contains(" ERROR ") || line.contains("OutOfMemory"));
  }

  private static String address(String subscriber) {
    return "sip:" + subscriber + "@" + ServerSetup.DOMAIN;
  }

  private Device registered(String name, String subscriber) {
    InetSocketAddress sip = server.addresses().sip();
    Device device =
        new Device(
            DeviceConfig.of(name, address(subscriber), sip).patience(PATIENCE).build(), ladder);
    opened.add(device::close);
    assertThat(device.register()).isEqualTo(200);
    return device;
  }

  private static Chat accepted(Device device) {
    Chat chat = device.awaitInvitation();
    chat.awaitEstablished();
    return chat;
  }

  /// From here on the session's MSRP is spoken by hand.
  private StreamingPeer byHand(Chat chat) throws IOException {
    chat.dropConnection();
    String ours = chat.peer().orElseThrow().path().getFirst();
    var peer = new StreamingPeer(server.addresses().msrp(), ours, chat.msrp().path());
    opened.add(peer);
    return peer;
  }

  private static byte[] cpim(String from, String to, String id, String text) {
    return ("From: <%s>\r\nTo: <%s>\r\nNS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: %s\r\n"
                .formatted(address(from), address(to), id)
            + "\r\nContent-Type: text/plain\r\n\r\n"
            + text)
        .getBytes(UTF_8);
  }

  /// Each block of a large message differs from the others.
  private byte[] block(int number) {
    ByteBuffer.wrap(block).putInt(number);
    return block;
  }

  private static byte[] large(String id) {
    return cpim("alice", "bob", id, "");
  }

  private static long size(String id) {
    return large(id).length + (long) BLOCKS * BLOCK;
  }

  /// What each device must hear of a large message.
  private Heard whole(String id) {
    MessageDigest digest = StreamingPeer.sha256();
    digest.update(large(id));
    for (int i = 0; i < BLOCKS; i++) {
      digest.update(block(i));
    }
    return new Heard(size(id), HexFormat.of().formatHex(digest.digest()));
  }

  private static Heard heard(byte[] cpim) {
    return new Heard(cpim.length, HexFormat.of().formatHex(StreamingPeer.sha256().digest(cpim)));
  }

  private void awaitBodies(int count) {
    Awaitility.await().atMost(PATIENCE).until(() -> bodies() == count);
  }

  private long bodies() throws IOException {
    try (Stream<Path> files =
        Files.list(directory.resolve("data").resolve("log").resolve("bodies"))) {
      return files.count();
    }
  }

  @Test
  @Spec("RFC 4975 §5.1")
  void aMessageInOneChunkIsRelayedAndHoldsUpNobodyElse() throws Exception {
    long size = size("big");
    alice.begin("bigchunk", "mbig", 1, size, String.valueOf(size));
    byte[] head = large("big");
    alice.body(head, 0, head.length);
    for (int i = 0; i < BLOCKS; i++) {
      alice.body(block(i), 0, BLOCK);
      if (i == BLOCKS / 2) {
        alice.flush();
        byte[] text = cpim("bob", "alice", "meanwhile", "meanwhile");
        bobsPhone.says("short1", "mshort", text);
        bobsPhone.awaitAnswer("short1", 200);
        assertThat(bobsTablet.hears()).isEqualTo(heard(text));
      }
    }
    alice.end("bigchunk", '$', true);
    alice.awaitAnswer("bigchunk", 200);

    Heard whole = whole("big");
    assertThat(bobsPhone.hears()).isEqualTo(whole);
    assertThat(bobsTablet.hears()).isEqualTo(whole);
    assertThat(bodies()).isEqualTo(1);
  }

  @Test
  @Spec("RFC 4975 §5.1")
  void chunksOf2KibAreJoinedAndAShortMessageBetweenThemComesFirst() throws Exception {
    says2KibChunks("chunked", BLOCKS, true);
    byte[] text = cpim("alice", "bob", "between", "between");
    Heard whole = whole("chunked");
    for (StreamingPeer device : List.of(bobsPhone, bobsTablet)) {
      assertThat(device.hears()).isEqualTo(heard(text));
      assertThat(device.hears()).isEqualTo(whole);
    }
  }

  /// @param blocks so many of the message; the rest is never said when they are not all
  private void says2KibChunks(String id, int blocks, boolean short1) throws Exception {
    long size = size(id);
    byte[] head = large(id);
    String total = String.valueOf(size);
    alice.begin(id + "head", "m" + id, 1, head.length, total);
    alice.body(head, 0, head.length);
    alice.end(id + "head", '+', true);
    long at = head.length;
    for (int i = 0; i < blocks; i++) {
      byte[] bytes = block(i);
      for (int from = 0; from < BLOCK; from += CLIENT_CHUNK) {
        String transaction = id + at;
        alice.begin(transaction, "m" + id, at + 1, at + CLIENT_CHUNK, total);
        alice.body(bytes, from, CLIENT_CHUNK);
        at += CLIENT_CHUNK;
        alice.end(transaction, at == size ? '$' : '+', true);
      }
      if (short1 && i == blocks / 2) {
        alice.says("between1", "mbetween", cpim("alice", "bob", "between", "between"));
        alice.awaitAnswer("between1", 200);
      }
    }
    alice.flush();
    alice.awaitAnswer(id + (at - CLIENT_CHUNK), 200);
  }

  @Test
  @Spec("wire: restart")
  void aKillInTheMiddleOfAnUploadLeavesNothingAndWhoJoinsLaterHearsWhatWasWhole() throws Exception {
    says2KibChunks("kept", BLOCKS, false);
    assertThat(bobsPhone.hears()).isEqualTo(whole("kept"));
    assertThat(bobsTablet.hears()).isEqualTo(whole("kept"));
    says2KibChunks("lost", BLOCKS_BEFORE_THE_KILL, false);
    awaitBodies(2);
    server.kill();
    assertThat(bodies()).isEqualTo(2);

    server = server.startAgain();

    assertThat(bodies()).isEqualTo(1);
    StreamingPeer desk = byHand(accepted(registered("bob desk", "bob")));
    assertThat(desk.hears()).isEqualTo(whole("kept"));
  }
}
