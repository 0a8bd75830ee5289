package io.continuo.server.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.continuo.server.configuration.InvalidConfiguration;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.registrar.DigestCredential;
import io.continuo.server.registrar.ProvisionedSubscriber;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubscribersFileTest {
  @TempDir Path directory;

  @Test
  void theSampleHoldsAliceBobAndCarolWithTheirDemoPasswords() throws Exception {
    List<ProvisionedSubscriber> sample = SubscribersFile.read(write(sample()));

    assertThat(sample)
        .extracting(one -> one.subscriber().address().uri())
        .containsExactly(
            "sip:alice@continuo.test", "sip:bob@continuo.test", "sip:carol@continuo.test");
    for (ProvisionedSubscriber one : sample) {
      DigestCredential credential = one.credentials().getFirst();
      String user = credential.username();
      for (String algorithm : List.of("MD5", "SHA-256")) {
        assertThat(credential.ha1())
            .containsEntry(algorithm, hash(algorithm, user + ":continuo.test:" + user + "-secret"));
      }
    }
  }

  @Test
  void anEntryNeedsNoPasswordAndNoAlias() throws Exception {
    ProvisionedSubscriber one =
        SubscribersFile.read(write("subscribers:\n  - address: sip:x@continuo.test\n")).getFirst();

    assertThat(one.subscriber().aliases()).isEmpty();
    assertThat(one.credentials()).isEmpty();
  }

  @Test
  void aliasesAreAddressesInCanonicalForm() throws Exception {
    ProvisionedSubscriber one =
        SubscribersFile.read(
                write(
                    """
                    subscribers:
                      - address: sip:x@Continuo.TEST:5060
                        aliases: [ "tel:+1-555-01" ]
                    """))
            .getFirst();

    assertThat(one.subscriber().address().uri()).isEqualTo("sip:x@continuo.test");
    assertThat(one.subscriber().aliases()).containsExactly(AddressOfRecord.of("tel:+155501"));
  }

  @Test
  void noFileMeansNobody() throws Exception {
    assertThat(SubscribersFile.read(Path.of(""))).isEmpty();
    assertThat(SubscribersFile.read(write("subscribers: []\n"))).isEmpty();
    assertThat(SubscribersFile.read(write(""))).isEmpty();
  }

  @Test
  void everyErrorIsToldAtOnceWithItsLine() throws Exception {
    Path file =
        write(
            """
            subscribers:
              - address: alice
                username: alice
                password: secret
              - address: sip:bob@continuo.test
                username: bob
                ha1:
                  MD5: secret
                  SHA-1: 00
              - address: sip:bob@continuo.test
                usrname: bob
              - aliases: [ "tel:+1" ]
            colour: blue
            """);

    InvalidConfiguration invalid =
        catchThrowableOfType(InvalidConfiguration.class, () -> SubscribersFile.read(file));

    assertThat(invalid.errors())
        .extracting(error -> error.line().orElse(0) + " " + error.key())
        .containsExactlyInAnyOrder(
            "2 subscribers[0].address",
            "4 subscribers[0].password",
            "8 subscribers[1].ha1.MD5",
            "9 subscribers[1].ha1.SHA-1",
            "10 subscribers[2].address",
            "11 subscribers[2].usrname",
            "12 subscribers[3].address",
            "13 colour");
    assertThat(invalid.getMessage()).contains(file.toString()).doesNotContain("secret");
  }

  private static String hash(String algorithm, String text) throws Exception {
    byte[] digest =
        MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest);
  }

  private static String sample() throws IOException {
    try (InputStream in = SubscribersFile.class.getResourceAsStream("/subscribers.yaml")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve("subscribers.yaml"), text);
  }
}
