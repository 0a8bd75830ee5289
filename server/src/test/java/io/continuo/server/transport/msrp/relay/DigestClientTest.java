package io.continuo.server.transport.msrp.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Constants computed by another implementation, for user `alice`, password `s3cret`, realm
/// `relay.test` and cnonce `c0ffee`.
@Spec("RFC 4976 §5.1")
class DigestClientTest {
  private static final String URI = "msrp://relay.test:2855;tcp";
  private static final String MD5 = "Digest realm=\"relay.test\", qop=\"auth\", nonce=\"n-1\"";
  private static final String SHA_256 = MD5 + ", algorithm=SHA-256";

  private final DigestClient digest =
      new DigestClient(new RelayCredentials("alice", "s3cret"), () -> "c0ffee");

  private String authorization() {
    return digest.authorization(URI).orElseThrow();
  }

  @Test
  void nothingIsSaidBeforeAChallenge() {
    assertThat(digest.authorization(URI)).isEmpty();
  }

  @Test
  void aChallengeWithoutAlgorithmIsAnsweredByMd5() {
    assertThat(digest.take(List.of(MD5))).isTrue();

    assertThat(authorization())
        .isEqualTo(
            "Digest username=\"alice\", realm=\"relay.test\", nonce=\"n-1\", uri=\""
                + URI
                + "\", response=\"089a6109210dc553ff1486b57471a178\", qop=auth, nc=00000001,"
                + " cnonce=\"c0ffee\"");
  }

  @Test
  void ofTwoChallengesTheOneWithSha256IsAnswered() {
    assertThat(digest.take(List.of(MD5, SHA_256))).isTrue();

    assertThat(authorization())
        .contains("algorithm=SHA-256")
        .contains("response=\"5288b57d945d1a48cc92babc83a2169d12b88b5f95c3ea10bc9ed593f1b32a63\"");
  }

  @Test
  void theNonceCountGrowsWithEachUse() {
    digest.take(List.of(MD5));
    authorization();

    assertThat(authorization())
        .contains("nc=00000002")
        .contains("response=\"39894e77d42b7f18108b6817553631d6\"");
  }

  @Test
  void opaqueIsReturnedAndQuotesAreEscaped() {
    digest.take(List.of(MD5 + ", opaque=\"a\\\"b\""));

    assertThat(authorization()).endsWith(", opaque=\"a\\\"b\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Basic realm=\"relay.test\"",
        "Digest realm=\"relay.test\", nonce=\"n-1\"",
        "Digest realm=\"relay.test\", nonce=\"n-1\", qop=\"auth-int\"",
        "Digest realm=\"relay.test\", nonce=\"n-1\", qop=\"auth\", algorithm=SHA-1",
        "Digest realm=\"relay.test\", qop=\"auth\"",
        "Digest nonce=\"n-1\", qop=\"auth\"",
        "Digest realm=\"relay.test, nonce=\"n-1\"",
      })
  void aChallengeThatCannotBeAnsweredSafelyIsNot(String challenge) {
    assertThat(digest.take(List.of(challenge))).isFalse();
    assertThat(digest.authorization(URI)).isEmpty();
  }

  @Test
  void oneOfSeveralProtectionsIsEnough() {
    assertThat(digest.take(List.of(MD5.replace("\"auth\"", "\"auth-int, auth\"")))).isTrue();
  }

  @Test
  void theRelaysOwnProofIsForTheLastRequest() {
    digest.take(List.of(MD5));
    authorization();
    assertThat(digest.isProven("qop=auth, rspauth=\"1c9b1ca9f4fee5ef65004abb308d9809\"")).isTrue();

    authorization();
    assertThat(digest.isProven("qop=auth, rspauth=\"1c9b1ca9f4fee5ef65004abb308d9809\"")).isFalse();
    assertThat(digest.isProven("rspauth=\"A7FCD23FA48FB390D74C6F384C8FBDA8\"")).isTrue();
  }

  @Test
  void withoutAProofNothingIsProven() {
    digest.take(List.of(MD5));
    authorization();

    assertThat(digest.isProven("nextnonce=\"n-2\"")).isFalse();
    assertThat(digest.isProven("")).isFalse();
  }

  @Test
  void theNextNonceIsUsedFromTheStart() {
    digest.take(List.of(MD5));
    authorization();
    digest.isProven("rspauth=\"1c9b1ca9f4fee5ef65004abb308d9809\", nextnonce=\"n-2\"");

    assertThat(authorization())
        .contains("nonce=\"n-2\"", "nc=00000001")
        .contains("response=\"0fc92f0b5ea3f628f976685b599cff2e\"");
  }

  @Test
  void whoPrintsTheCredentialsSeesNoPassword() {
    assertThat(new RelayCredentials("alice", "s3cret").toString()).doesNotContain("s3cret");
  }
}
