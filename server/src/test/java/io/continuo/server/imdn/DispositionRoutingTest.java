package io.continuo.server.imdn;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.server.configuration.ImdnSettings.Policy;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.imdn.DispositionRouting.Candidate;
import io.continuo.server.imdn.DispositionRouting.Report;
import io.continuo.server.imdn.DispositionRouting.Route;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DispositionRoutingTest {
  private static final AddressOfRecord ALICE = AddressOfRecord.of("sip:alice@ims.example");
  private static final AddressOfRecord BOB = AddressOfRecord.of("sip:bob@ims.example");
  private static final AddressOfRecord CAROL = AddressOfRecord.of("sip:carol@ims.example");

  private static Route route(String disposition, boolean toldBefore, Candidate... candidates) {
    return route(Set.of(), disposition, toldBefore, candidates);
  }

  private static Route route(
      Set<AddressOfRecord> named, String disposition, boolean toldBefore, Candidate... candidates) {
    Report report = new Report(BOB, disposition, named, List.of(candidates), toldBefore);
    return DispositionRouting.route(report, Policy.FIRST_PER_SUBSCRIBER);
  }

  @Test
  void aReportGoesToWhoWroteTheMessage() {
    assertThat(route("delivered", false, new Candidate(ALICE, true)))
        .isEqualTo(new Route.Forward(ALICE));
  }

  @Test
  void aMessageThatNobodyWroteIsUnknown() {
    assertThat(route("delivered", false)).isEqualTo(new Route.UnknownMessage());
  }

  @Test
  void whoDidNotSeeTheMessageReportsNothing() {
    assertThat(route("delivered", false, new Candidate(ALICE, false)))
        .isEqualTo(new Route.NotInAudience());
  }

  @Test
  void theSendersOwnSubscriberIsRecordedOnly() {
    assertThat(route("delivered", false, new Candidate(BOB, true)))
        .isEqualTo(new Route.RecordOnly(BOB));
  }

  @Test
  void theSecondDeliveredIsRecordedOnlyButAFailureIsForwardedAgain() {
    assertThat(route("delivered", true, new Candidate(ALICE, true)))
        .isEqualTo(new Route.RecordOnly(ALICE));
    assertThat(route("failed", true, new Candidate(ALICE, true)))
        .isEqualTo(new Route.Forward(ALICE));
  }

  @Test
  void ofTwoMessagesWithOneIdTheOneOfTheOtherSubscriberIsMeant() {
    assertThat(route("delivered", false, new Candidate(BOB, true), new Candidate(ALICE, true)))
        .isEqualTo(new Route.Forward(ALICE));
  }

  @Test
  void whoReusesAnIdDoesNotGetTheReceiptsOfTheFirstOne() {
    Candidate[] both = {new Candidate(ALICE, true), new Candidate(CAROL, true)};
    assertThat(route("delivered", false, both)).isEqualTo(new Route.Forward(ALICE));
    assertThat(route(Set.of(CAROL), "delivered", false, both)).isEqualTo(new Route.Forward(CAROL));
  }

  @Test
  void whoeverTheReportNamesAMessageOfTheirsMustExist() {
    assertThat(route(Set.of(CAROL), "delivered", false, new Candidate(ALICE, true)))
        .isEqualTo(new Route.Forward(ALICE));
  }
}
