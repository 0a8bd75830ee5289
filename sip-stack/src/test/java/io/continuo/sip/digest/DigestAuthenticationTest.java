package io.continuo.sip.digest;

import static io.continuo.sip.digest.DigestAlgorithm.MD5;
import static io.continuo.sip.digest.DigestAlgorithm.SHA_256;
import static io.continuo.sip.digest.DigestAlgorithm.SHA_512_256;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DigestAuthenticationTest {
  private static final String REALM = "continuo.test";
  private static final String URI = "sip:continuo.test";
  private static final DigestVerdict STALE = new DigestVerdict.Stale("stale nonce");

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final DigestNonces nonces = nonces(1000);
  private final DigestAuthentication digest = authentication(nonces, "pass");

  private DigestNonces nonces(int maxUsed) {
    return new DigestNonces(() -> now, Duration.ofMinutes(5), maxUsed, new SecureRandom());
  }

  private DigestAuthentication authentication(DigestNonces with, String password) {
    return new DigestAuthentication(
        REALM,
        Set.of("continuo.test", "127.0.0.1"),
        List.of(SHA_256, SHA_512_256, MD5),
        with,
        new FailureLimiter(() -> now, 3, Duration.ofMinutes(1), 100),
        user ->
            user.equals("alice")
                ? Optional.of(
                    Map.of(
                        "SHA-256", SHA_256.ha1(user, REALM, password),
                        "SHA-512-256", SHA_512_256.ha1(user, REALM, password),
                        "MD5", MD5.ha1(user, REALM, password)))
                : Optional.empty());
  }

  // ---- vectors

  @Test
  @Spec("RFC 7616 §3.9.1")
  @Spec("RFC 7616 §3.4")
  void theSha256ExampleIsProven() {
    DigestResponse response =
        DigestResponse.parse(
                """
                Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", \
                algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", \
                nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, \
                response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1", \
                opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"\
                """)
            .orElseThrow();
    String ha1 = SHA_256.ha1("Mufasa", "http-auth@example.org", "Circle of Life");
    assertThat(response.provenBy(ha1, SHA_256, "GET")).isTrue();
    assertThat(response.provenBy(ha1, SHA_256, "POST")).isFalse();
  }

  @Test
  @Spec("RFC 7616 §3.9.1")
  void theMd5ExampleIsProven() {
    DigestResponse response =
        DigestResponse.parse(
                """
                Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", \
                algorithm=MD5, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", \
                nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, \
                response="8ca523f5e9506fed4657c9700eebdbec", \
                opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"\
                """)
            .orElseThrow();
    String ha1 = MD5.ha1("Mufasa", "http-auth@example.org", "Circle of Life");
    assertThat(response.provenBy(ha1, MD5, "GET")).isTrue();
  }

  @Test
  @Spec("RFC 2617 §3.5")
  void theOldExampleIsProven() {
    DigestResponse response =
        DigestResponse.parse(
                """
                Digest username="Mufasa", realm="testrealm@host.com", \
                nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="/dir/index.html", qop=auth, \
                nc=00000001, cnonce="0a4f113b", response="6629fae49393a05397450978507c4ef1", \
                opaque="5ccc069c403ebaf9f0171e9517f40e41\"\
                """)
            .orElseThrow();
    assertThat(response.algorithm()).isEqualTo("MD5");
    String ha1 = MD5.ha1("Mufasa", "testrealm@host.com", "Circle Of Life");
    assertThat(response.provenBy(ha1, MD5, "GET")).isTrue();
  }

  // ---- parsing

  @Test
  @Spec("RFC 3261 §25.1")
  void quotedEscapesOrderAndUnknownParametersAreUnderstood() {
    DigestResponse response =
        DigestResponse.parse(
                "digest  response=\"AB\" ,foo=bar,uri=\"sip:a,b\", x=\"\\\\\",nonce=n,"
                    + "realm=\"q\\\"r\",Username=\"al\\ice\"")
            .orElseThrow();
    assertThat(response.username()).isEqualTo("alice");
    assertThat(response.realm()).isEqualTo("q\"r");
    assertThat(response.uri()).isEqualTo("sip:a,b");
    assertThat(response.response()).isEqualTo("ab");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Digest",
        "Basic YWxhZGRpbg==",
        "Digest username=\"a\", realm=\"r\", nonce=\"n\", uri=\"u\"",
        "Digest username=\"a\", username=\"b\", realm=\"r\", nonce=\"n\", uri=\"u\", response=\"x\"",
        "Digest username=\"a, realm=r, nonce=n, uri=u, response=x",
        "Digest username, realm=\"r\", nonce=\"n\", uri=\"u\", response=\"x\"",
        "Digest username=, realm=\"r\"",
        "Digest username=a\"b, realm=\"r\", nonce=\"n\", uri=\"u\", response=\"x\""
      })
  void whatIsNoDigestResponseIsEmpty(String header) {
    assertThat(DigestResponse.parse(header)).isEmpty();
  }

  // ---- challenges

  @Test
  @Spec("RFC 8760 §2.3")
  void thereIsAChallengeForEachAlgorithmInOrder() {
    assertThat(digest.challenges(false))
        .hasSize(3)
        .allMatch(c -> c.contains("realm=\"continuo.test\"") && c.contains("qop=\"auth\""))
        .extracting(c -> c.replaceFirst(".*algorithm=", ""))
        .containsExactly("SHA-256", "SHA-512-256", "MD5");
    assertThat(digest.challenges(true)).allMatch(c -> c.endsWith("stale=true"));
  }

  // ---- judging

  private String nonce() {
    Matcher m = Pattern.compile("nonce=\"([^\"]+)\"").matcher(digest.challenges(false).getFirst());
    assertThat(m.find()).isTrue();
    return m.group(1);
  }

  private static String answer(DigestAlgorithm a, String nonce, String password, long count) {
    return answer(a, nonce, password, count, URI);
  }

  private static String answer(
      DigestAlgorithm a, String nonce, String password, long count, String uri) {
    String nc = String.format("%08x", count);
    String response =
        a.hash(
            a.ha1("alice", REALM, password)
                + ":"
                + nonce
                + ":"
                + nc
                + ":c:auth:"
                + a.hash("REGISTER:" + uri));
    return "Digest username=\"alice\", realm=\"continuo.test\", nonce=\""
        + nonce
        + "\", uri=\""
        + uri
        + "\", response=\""
        + response
        + "\", algorithm="
        + a.token()
        + ", cnonce=\"c\", qop=auth, nc="
        + nc;
  }

  private DigestVerdict judge(String authorization) {
    return digest.judge("192.0.2.1", "REGISTER", URI, List.of(authorization));
  }

  @ParameterizedTest
  @EnumSource(DigestAlgorithm.class)
  @Spec("RFC 8760 §2.4")
  void whoKnowsThePasswordIsProven(DigestAlgorithm algorithm) {
    assertThat(judge(answer(algorithm, nonce(), "pass", 1)))
        .isEqualTo(new DigestVerdict.Proven("alice"));
  }

  @Test
  void theSameCredentialsAreWrongForAnUnknownUserOrPassword() {
    assertThat(judge(answer(SHA_256, nonce(), "guess", 1)))
        .isEqualTo(new DigestVerdict.Wrong("wrong credentials"));
    assertThat(judge(answer(SHA_256, nonce(), "pass", 1).replace("\"alice\"", "\"nobody\"")))
        .isEqualTo(new DigestVerdict.Wrong("wrong credentials"));
  }

  @Test
  void credentialsForAnotherRealmAreNone() {
    String other = answer(SHA_256, nonce(), "pass", 1).replace("continuo.test\", n", "x\", n");
    assertThat(judge(other)).isEqualTo(new DigestVerdict.Missing());
    assertThat(
            digest.judge(
                "192.0.2.1", "REGISTER", URI, List.of(other, answer(MD5, nonce(), "pass", 1))))
        .isEqualTo(new DigestVerdict.Proven("alice"));
  }

  @ParameterizedTest
  @CsvSource({
    "algorithm=SHA-256,algorithm=SHA-256-sess",
    "algorithm=SHA-256,algorithm=SHA-1",
    "qop=auth,qop=auth-int",
    "qop=auth,x=auth",
    "nc=00000001,nc=1",
    "nc=00000001,nc=00000000",
    "nc=00000001,nc=00000002"
  })
  void whatWasNotOfferedOrNotSignedIsWrong(String part, String instead) {
    assertThat(judge(answer(SHA_256, nonce(), "pass", 1).replace(part, instead)))
        .isInstanceOf(DigestVerdict.Wrong.class);
  }

  @ParameterizedTest
  @CsvSource({
    "sip:continuo.test,sip:continuo.test:5060,true",
    "sip:continuo.test,sip:CONTINUO.test;transport=tcp,true",
    "sip:continuo.test,sips:continuo.test,true",
    "sip:127.0.0.1:5060,sip:bob@continuo.test,true",
    "sip:bob@continuo.test;x=y,sip:bob@continuo.test,true",
    "sip:carol@continuo.test,sip:bob@continuo.test,false",
    "sip:elsewhere.test,sip:continuo.test,false"
  })
  @Spec("RFC 3261 §22.4")
  void theUriMustNameTheSameTarget(String signed, String requestUri, boolean same) {
    String answer = answer(SHA_256, nonce(), "pass", 1, signed);
    DigestVerdict verdict = digest.judge("192.0.2.1", "REGISTER", requestUri, List.of(answer));
    assertThat(verdict)
        .isEqualTo(
            same
                ? new DigestVerdict.Proven("alice")
                : new DigestVerdict.Wrong("digest uri of another request"));
  }

  @Test
  @Spec("RFC 7616 §5.12")
  void aCountIsTakenOnceInAnyOrder() {
    String nonce = nonce();
    List<Boolean> taken = new ArrayList<>();
    for (long count : new long[] {1, 3, 2, 2, 3, 1, 100, 40, 36, 100}) {
      taken.add(judge(answer(SHA_256, nonce, "pass", count)) instanceof DigestVerdict.Proven);
      now = now.plusSeconds(20);
    }
    assertThat(taken)
        .containsExactly(true, true, true, false, false, false, true, true, false, false);
  }

  @Test
  @Spec("RFC 7616 §3.3")
  void anExpiredNonceIsStaleOnlyWithTheRightPassword() {
    String nonce = nonce();
    now = now.plus(Duration.ofMinutes(5));
    assertThat(judge(answer(SHA_256, nonce, "pass", 1))).isEqualTo(STALE);
    assertThat(judge(answer(SHA_256, nonce, "guess", 1))).isInstanceOf(DigestVerdict.Wrong.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "!", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
  void aNonceThatWeDidNotIssueProvesNothing(String forged) {
    assertThat(judge(answer(SHA_256, forged, "pass", 1))).isEqualTo(STALE);
    assertThat(judge(answer(SHA_256, forged, "guess", 1))).isInstanceOf(DigestVerdict.Wrong.class);
  }

  @Test
  @Spec("RFC 7616 §3.3")
  void theRightPasswordOnANonceOfAnEarlierProcessIsStaleAndNoFailure() {
    DigestNonces earlier = nonces(10);
    for (int device = 0; device < 10; device++) {
      assertThat(judge(answer(SHA_256, earlier.issue(), "pass", 2))).isEqualTo(STALE);
    }
    assertThat(judge(answer(SHA_256, nonce(), "pass", 1)))
        .isEqualTo(new DigestVerdict.Proven("alice"));
  }

  @Test
  @Spec("RFC 7616 §5.12")
  void aReplayIsNeverProvenAndLocksNobodyOut() {
    String once = answer(SHA_256, nonce(), "pass", 1);
    assertThat(judge(once)).isEqualTo(new DigestVerdict.Proven("alice"));
    for (int replay = 0; replay < 10; replay++) {
      assertThat(judge(once)).isEqualTo(new DigestVerdict.Stale("nonce count replayed"));
    }
    assertThat(judge(answer(SHA_256, nonce(), "pass", 1)))
        .isEqualTo(new DigestVerdict.Proven("alice"));
  }

  @Test
  void guessesOnANonceOfAnotherProcessCount() {
    for (int i = 0; i < 3; i++) {
      assertThat(judge(answer(SHA_256, nonces(10).issue(), "guess", 1)))
          .isInstanceOf(DigestVerdict.Wrong.class);
    }
    assertThat(judge(answer(SHA_256, nonce(), "pass", 1)))
        .isEqualTo(new DigestVerdict.TooManyFailures());
  }

  /// Else a client that never counts would be told to try again for ever.
  @Test
  @Spec("RFC 7616 §3.4")
  void aCountOfZeroIsWrong() {
    assertThat(judge(answer(SHA_256, nonce(), "pass", 0))).isInstanceOf(DigestVerdict.Wrong.class);
  }

  @Test
  void whenTheRecordIsFullForgottenNoncesAreStaleNeverReplayable() {
    DigestNonces few = nonces(2);
    List<String> issued = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      issued.add(few.issue());
      now = now.plusMillis(1);
    }
    for (String nonce : issued) {
      assertThat(few.use(nonce, 1)).isEqualTo(DigestNonces.Use.FRESH);
    }
    assertThat(few.use(issued.get(0), 1)).isEqualTo(DigestNonces.Use.STALE);
    assertThat(few.use(issued.get(0), 2)).isEqualTo(DigestNonces.Use.STALE);
    assertThat(few.use(issued.get(1), 1)).isEqualTo(DigestNonces.Use.REPLAYED);
    assertThat(few.use(issued.get(2), 2)).isEqualTo(DigestNonces.Use.FRESH);
    now = now.plus(Duration.ofMinutes(6));
    assertThat(few.use(few.issue(), 1)).isEqualTo(DigestNonces.Use.FRESH);
  }

  @Test
  void afterTooManyFailuresTheRightPasswordIsRefusedUntilTheWindowIsOver() {
    for (int i = 0; i < 3; i++) {
      assertThat(judge(answer(SHA_256, nonce(), "guess", 1)))
          .isInstanceOf(DigestVerdict.Wrong.class);
    }
    assertThat(judge(answer(SHA_256, nonce(), "pass", 1)))
        .isEqualTo(new DigestVerdict.TooManyFailures());
    assertThat(
            digest.judge(
                "192.0.2.2", "REGISTER", URI, List.of(answer(SHA_256, nonce(), "pass", 1))))
        .isEqualTo(new DigestVerdict.Proven("alice"));
    now = now.plusSeconds(61);
    assertThat(judge(answer(SHA_256, nonce(), "pass", 1)))
        .isEqualTo(new DigestVerdict.Proven("alice"));
  }
}
