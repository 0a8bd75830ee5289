package io.continuo.server.b2bua;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.server.configuration.SessionSettings;
import io.continuo.server.configuration.SessionSettings.ByePolicy;
import io.continuo.server.configuration.SessionSettings.LegacyDevices;
import io.continuo.server.configuration.SessionSettings.Retention;
import io.continuo.server.configuration.SessionSettings.SiblingInvite;
import io.continuo.server.configuration.SessionSettings.Unreachable;
import io.continuo.server.conversation.Channel.Closing;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.ChannelKind;
import io.continuo.server.registrar.Device;
import io.continuo.server.registrar.DeviceRoute;
import io.continuo.server.registrar.DeviceSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The rules of [ChatSession], told as small stories: alice with a phone and a tablet, bob with a
/// phone and a desktop.
class ChatSessionTest {
  private final Device alicePhone = device("alice", "phone");
  private final Device aliceTablet = device("alice", "tablet");
  private final Device bobPhone = device("bob", "phone");
  private final Device bobDesktop = device("bob", "desktop");
  private final Device carolPhone = device("carol", "phone");

  @Test
  @Spec("seed 003: figure 3")
  void everyDeviceOfEverybodyIsInvitedTheInvitersOwnOthersIncluded() {
    Story story = new Story(false, settings());

    story.invites(alicePhone, alicePhone, aliceTablet, bobPhone, bobDesktop);

    assertThat(story.invited()).containsExactlyInAnyOrder(aliceTablet, bobPhone, bobDesktop);
  }

  @Test
  @Spec("seed 003: figure 3")
  void everyAnswerIsKeptAndNobodyIsCancelledForASibling() {
    Story story = new Story(false, settings());
    story.invites(alicePhone, alicePhone, bobPhone, bobDesktop);

    story.accepts(bobPhone);
    story.accepts(bobDesktop);

    assertThat(story.all(SessionEffect.Close.class)).isEmpty();
    assertThat(story.all(SessionEffect.Answer.class)).hasSize(1);
  }

  @Test
  @Spec("wire: answering the inviter")
  void theOwnSiblingsAnswerDoesNotAnswerTheInviter() {
    Story story = new Story(false, settings());
    story.invites(alicePhone, alicePhone, aliceTablet, bobPhone);

    story.accepts(aliceTablet);

    assertThat(story.all(SessionEffect.Answer.class)).isEmpty();
  }

  @Test
  @Spec("wire: answering the inviter")
  void theInviterIsAnsweredAfterAWhileWhenMessagesAreKept() {
    Story story = new Story(false, settings());
    LegId inviter = story.invites(alicePhone, bobPhone);

    story.on(new SessionEvent.TimerFired(new SessionTimer.AnswerAfter(inviter)));

    assertThat(story.all(SessionEffect.Answer.class)).hasSize(1);
  }

  @Test
  @Spec("wire: answering the inviter")
  void theInvitersWaitIsNotProlongedByThoseWhoRefuse() {
    Story story = new Story(false, settings());
    LegId inviter = story.invites(alicePhone, bobPhone, bobDesktop);

    story.refuses(bobPhone, 486);

    assertThat(story.starts(new SessionTimer.AnswerAfter(inviter))).isEqualTo(1);
  }

  @Test
  @Spec("wire: answering the inviter")
  void theWaitOfAnInviterWithAMessageBeginsWhenThatIsDurable() {
    Story story = new Story(false, settings());
    LegId inviter = story.invitesWithMessage(alicePhone, bobPhone);
    assertThat(story.starts(new SessionTimer.AnswerAfter(inviter))).isZero();

    story.on(new SessionEvent.FirstMessageKept(inviter));

    assertThat(story.starts(new SessionTimer.AnswerAfter(inviter))).isEqualTo(1);
  }

  @Test
  @Spec("RFC 3261 §20.20")
  void anInviteThatNobodyAnsweredInItsTimeIs487() {
    Story story = new Story(false, refusing());
    LegId inviter = story.invites(alicePhone, bobPhone);

    story.on(new SessionEvent.TimerFired(new SessionTimer.InviteExpires(inviter)));

    assertThat(story.only(SessionEffect.Refuse.class).status()).isEqualTo(487);
    assertThat(story.all(SessionEffect.Close.class)).hasSize(1);
  }

  @Test
  @Spec("wire: answering the inviter")
  void withNobodyToReachTheInviterIsAnsweredAtOnceWhenMessagesAreKept() {
    Story story = new Story(false, settings());

    story.invites(alicePhone, alicePhone);

    assertThat(story.all(SessionEffect.Answer.class)).hasSize(1);
  }

  @Test
  @Spec("wire: answering the inviter")
  void withNobodyToReachTheInviterGets480WhenMessagesAreNotKept() {
    Story story = new Story(false, refusing());

    story.invites(alicePhone, alicePhone, bobPhone);
    story.refuses(bobPhone, 408);

    assertThat(story.only(SessionEffect.Refuse.class).status()).isEqualTo(480);
  }

  @Test
  @Spec("RFC 3261 §16.7")
  void whenAllRefuseTheInviterGetsTheBestRefusal() {
    Story story = new Story(false, settings());
    story.invites(alicePhone, bobPhone, bobDesktop);

    story.refuses(bobPhone, 488);
    story.refuses(bobDesktop, 486);

    assertThat(story.only(SessionEffect.Refuse.class).status()).isEqualTo(486);
  }

  @Test
  @Spec("RFC 3261 §21.6.2")
  void aDeclineBeforeAnybodyAcceptedEndsThatSubscribersInvitations() {
    Story story = new Story(false, settings());
    story.invites(alicePhone, bobPhone, bobDesktop);

    story.refuses(bobPhone, 603);

    assertThat(story.only(SessionEffect.Close.class).leg()).isEqualTo(story.leg(bobDesktop));
    assertThat(story.only(SessionEffect.Refuse.class).status()).isEqualTo(603);
  }

  @Test
  @Spec("RFC 3261 §21.4.24")
  void aBusyDeviceSpeaksForItselfOnly() {
    Story story = new Story(false, settings());
    story.invites(alicePhone, bobPhone, bobDesktop);

    story.refuses(bobPhone, 486);

    assertThat(story.all(SessionEffect.Close.class)).isEmpty();
    assertThat(story.all(SessionEffect.Refuse.class)).isEmpty();
  }

  @Test
  @Spec("wire: conversation key and glare")
  void whoInvitesWhileBeingInvitedIsAnsweredAndAnswersTheOther() {
    Story story = new Story(false, settings());
    story.invites(alicePhone, alicePhone, bobPhone);
    LegId crossing = story.leg(bobPhone);

    story.invites(bobPhone, alicePhone, bobPhone);

    assertThat(story.only(SessionEffect.Close.class).leg()).isEqualTo(crossing);
    assertThat(story.all(SessionEffect.Answer.class)).hasSize(2);
  }

  @Test
  @Spec("wire: first message in the INVITE")
  void theInviterIsNotAnsweredBeforeItsFirstMessageIsDurable() {
    Story story = new Story(false, settings());
    LegId leg = story.invitesWithMessage(alicePhone, alicePhone, bobPhone);
    story.accepts(bobPhone);
    assertThat(story.all(SessionEffect.Answer.class)).isEmpty();

    story.on(new SessionEvent.FirstMessageKept(leg));

    assertThat(story.all(SessionEffect.Answer.class)).hasSize(1);
  }

  @Test
  @Spec("RFC 3261 §9.2")
  void aCancelledInvitationIsTakenBackFromEveryDevice() {
    Story story = new Story(false, settings());
    LegId leg = story.invites(alicePhone, bobPhone, bobDesktop);

    story.on(new SessionEvent.Cancelled(leg));

    assertThat(story.all(SessionEffect.Close.class)).hasSize(2);
  }

  @Test
  @Spec("wire: BYE scopes")
  void aDeviceThatHangsUpWithoutAReasonLeavesAloneAndIsParked() {
    Story story = established(false, settings());

    story.byes(bobPhone, ByeReason.NONE);
    story.on(new SessionEvent.Reachable(aliceTablet, false));

    assertThat(story.all(SessionEffect.Close.class)).isEmpty();
    assertThat(story.invited()).doesNotContain(bobPhone);
  }

  @Test
  @Spec("wire: BYE scopes")
  void whoInvitesAnewFromASessionThatItIsAloneInInvitesThoseThatHungUpToo() {
    Story story = new Story(false, settings());
    story.invites(alicePhone, bobPhone);
    story.accepts(bobPhone);
    story.byes(bobPhone, ByeReason.NONE);
    story.invites(alicePhone, bobPhone);
    assertThat(story.invited()).containsExactly(bobPhone, bobPhone);
  }

  @Test
  @Spec("wire: BYE scopes")
  void whoJoinsASessionThatGoesOnDoesNotInviteThoseThatHungUp() {
    Story story = new Story(false, settings());
    story.invites(alicePhone, bobPhone, bobDesktop);
    story.accepts(bobPhone);
    story.accepts(bobDesktop);
    story.byes(bobPhone, ByeReason.NONE);
    story.invites(alicePhone, bobPhone, bobDesktop);
    assertThat(story.invited()).containsExactly(bobPhone, bobDesktop);
  }

  @Test
  @Spec("wire: BYE scopes")
  void aParkedDeviceIsInvitedAgainForANewMessage() {
    Story story = established(false, settings());
    story.byes(bobPhone, ByeReason.NONE);

    story.wants(alicePhone, bobPhone);

    assertThat(story.invited()).contains(bobPhone);
  }

  @Test
  @Spec("wire: BYE scopes")
  void aUserWhoLeavesAOneToOneChatEndsItForAll() {
    Story story = established(false, settings());

    story.byes(bobPhone, ByeReason.USER_LEAVES);

    assertThat(story.closedBecause(Closing.SESSION_ENDED)).isEqualTo(3);
    assertThat(story.all(SessionEffect.Ended.class)).hasSize(1);
  }

  @Test
  @Spec("wire: BYE scopes")
  void aUserWhoLeavesAGroupTakesOnlyItsOwnDevicesAlong() {
    Story story = established(true, settings());

    story.byes(bobPhone, ByeReason.USER_LEAVES);

    assertThat(story.closedBecause(Closing.USER_LEFT)).isEqualTo(1);
    assertThat(story.only(SessionEffect.Leave.class).subscriber()).isEqualTo(bobPhone.id().owner());
    assertThat(story.all(SessionEffect.Ended.class)).isEmpty();
  }

  @Test
  @Spec("seed 003: figure 5")
  void aByeEndsTheSessionForEverybodyWhereThePolicySaysSo() {
    Story story = established(true, endingGroups());

    story.byes(aliceTablet, ByeReason.NONE);

    assertThat(story.closedBecause(Closing.SESSION_ENDED)).isEqualTo(3);
  }

  @Test
  @Spec("seed 003: late device")
  void aDeviceThatRegistersDuringTheSessionIsInvited() {
    Story story = established(false, settings());

    story.on(new SessionEvent.Reachable(carolPhone, false));

    assertThat(story.invited()).contains(carolPhone);
  }

  @Test
  void aDeviceThatRegistersWithoutASessionIsInvitedOnlyForWhatItMissed() {
    Story story = new Story(false, settings());

    story.on(new SessionEvent.Reachable(bobPhone, false));
    assertThat(story.invited()).isEmpty();
    story.on(new SessionEvent.Reachable(bobPhone, true));

    assertThat(story.invited()).containsExactly(bobPhone);
  }

  @Test
  void theSessionEndsWhenNobodyCameBackInTime() {
    Story story = established(false, settings());
    for (Device device : List.of(alicePhone, aliceTablet, bobPhone, bobDesktop)) {
      story.byes(device, ByeReason.NONE);
    }
    assertThat(story.all(SessionEffect.Ended.class)).isEmpty();

    story.on(new SessionEvent.TimerFired(new SessionTimer.Linger()));

    assertThat(story.all(SessionEffect.Ended.class)).hasSize(1);
  }

  @Test
  @Spec("RFC 7332 §4")
  void copiesOfAnInviteMayGoOnceLessFarAndInvitesOfOurOwnAsFarAsAny() {
    Story story = new Story(false, settings());
    story.invites(alicePhone, alicePhone, aliceTablet, bobPhone);
    assertThat(story.maxForwards()).containsExactly(6, 6);

    story.on(new SessionEvent.Refused(story.leg(bobPhone), 405, true));
    assertThat(story.maxForwards()).containsExactly(6, 6, 70);
  }

  @Test
  void aDeviceWithoutSessionsIsReachedByMessage() {
    Story story = new Story(false, settings());
    story.invites(alicePhone, bobPhone);

    story.on(new SessionEvent.Refused(story.leg(bobPhone), 405, true));

    assertThat(story.all(SessionEffect.Open.class).getLast().channel())
        .isEqualTo(ChannelKind.PAGER);
  }

  @Test
  @Spec("wire: legacy devices")
  void aLegacyDeviceLosesToItsSiblingWhereThePolicySaysSo() {
    Story story = new Story(false, firstAnswerWins());
    story.invites(alicePhone, bobPhone, bobDesktop);
    LegId loser = story.leg(bobDesktop);

    story.on(new SessionEvent.Accepted(story.leg(bobPhone), false));

    assertThat(story.only(SessionEffect.Close.class))
        .isEqualTo(new SessionEffect.Close(loser, Closing.REPLACED));
  }

  @Test
  void aLostConnectionKeepsTheLegForAWhile() {
    Story story = established(false, settings());
    LegId leg = story.leg(bobPhone);

    story.on(new SessionEvent.Suspended(leg));
    assertThat(story.only(SessionEffect.Detach.class).leg()).isEqualTo(leg);
    story.on(new SessionEvent.Ready(leg));

    assertThat(story.all(SessionEffect.Close.class)).isEmpty();
    assertThat(story.all(SessionEffect.Attach.class).getLast().leg()).isEqualTo(leg);
  }

  @Test
  @Spec("wire: BYE scopes")
  void aDeviceThatHungUpIsCalledBackForWhatItHasNotGotOnceForEachMessage() {
    Story story = established(false, settings());
    story.byes(bobPhone, ByeReason.NONE);
    assertThat(story.only(SessionEffect.CallBack.class).device()).isEqualTo(bobPhone.id());

    story.on(new SessionEvent.Owed(bobPhone));
    story.byes(bobPhone, ByeReason.NONE);
    story.on(new SessionEvent.Owed(bobPhone));
    assertThat(story.invited()).containsExactly(bobPhone);

    story.wants(alicePhone, bobPhone);
    story.byes(bobPhone, ByeReason.NONE);
    story.on(new SessionEvent.Owed(bobPhone));
    assertThat(story.invited()).containsExactly(bobPhone, bobPhone, bobPhone);
  }

  @Test
  void theOriginatorsOwnDeviceIsCalledBackByWhoWroteLast() {
    Story story = established(false, settings());
    story.byes(alicePhone, ByeReason.NONE);

    story.wants(bobPhone, alicePhone);
    assertThat(story.all(SessionEffect.Open.class).getLast().originator())
        .contains(bobPhone.id().owner());

    story.byes(alicePhone, ByeReason.NONE);
    story.wants(aliceTablet, alicePhone);
    assertThat(story.all(SessionEffect.Open.class).getLast().originator())
        .as("its own subscriber's message")
        .contains(alicePhone.id().owner());
  }

  @Test
  @Spec("wire: BYE scopes")
  void whoLeavesIsNotCalledBack() {
    Story story = established(true, settings());

    story.byes(bobPhone, ByeReason.USER_LEAVES);

    assertThat(story.all(SessionEffect.CallBack.class)).isEmpty();
  }

  @Test
  void aDeviceWhoseConnectionDoesNotComeBackIsCalledBack() {
    Story story = established(false, settings());
    LegId leg = story.leg(bobPhone);
    story.on(new SessionEvent.Suspended(leg));
    assertThat(story.only(SessionEffect.Redial.class).leg()).isEqualTo(leg);

    story.on(new SessionEvent.TimerFired(new SessionTimer.Rebind(leg)));

    assertThat(story.only(SessionEffect.CallBack.class).device()).isEqualTo(bobPhone.id());
  }

  @Test
  void aLegThatWeMustConnectAndMayNotEndsAtOnce() {
    Story story = new Story(false, settings());
    story.invites(alicePhone, bobPhone);
    LegId leg = story.leg(bobPhone);
    story.accepts(bobPhone);

    story.on(new SessionEvent.NotDialled(leg, false));

    assertThat(story.only(SessionEffect.Close.class))
        .isEqualTo(new SessionEffect.Close(leg, Closing.TIMED_OUT));
    assertThat(story.only(SessionEffect.CallBack.class).device()).isEqualTo(bobPhone.id());
  }

  /// It was called back for a message that crossed its BYE, chose to wait and listens nowhere.
  @Test
  @Spec("RFC 6135 §4.2.2")
  void aDeviceIsCalledBackOnceMoreWhenItIsOfferedThatItConnects() {
    Story story = established(false, settings());
    story.on(new SessionEvent.Bye(story.leg(bobPhone), ByeReason.DEVICE_DROPPED));
    story.on(new SessionEvent.Owed(bobPhone));
    story.accepts(bobPhone);
    story.on(new SessionEvent.NotDialled(story.leg(bobPhone), true));
    story.on(new SessionEvent.Owed(bobPhone));
    assertThat(story.invited()).containsExactly(bobPhone, bobPhone);

    // It does not connect either: that is the end of it until there is a new reason.
    story.accepts(bobPhone);
    story.on(new SessionEvent.NotDialled(story.leg(bobPhone), false));
    story.on(new SessionEvent.Owed(bobPhone));
    assertThat(story.invited()).containsExactly(bobPhone, bobPhone);
  }

  @Test
  void aDeviceThatCouldNotBeHadIsTriedAgainAfterAWhile() {
    Story story = new Story(false, settings());
    story.invites(alicePhone, bobPhone, bobDesktop);
    story.accepts(bobDesktop);
    story.refuses(bobPhone, 480);
    story.wants(alicePhone, bobPhone);
    assertThat(story.invited()).as("not while it backs off").containsExactly(bobPhone, bobDesktop);

    story.on(new SessionEvent.TimerFired(new SessionTimer.BackOff(bobPhone.id())));
    assertThat(story.only(SessionEffect.CallBack.class).device()).isEqualTo(bobPhone.id());
    story.on(new SessionEvent.Owed(bobPhone));

    assertThat(story.invited()).containsExactly(bobPhone, bobDesktop, bobPhone);
    story.refuses(bobPhone, 480);
    assertThat(story.all(SessionEffect.Start.class))
        .as("twice as long after the second time")
        .contains(
            new SessionEffect.Start(
                new SessionTimer.BackOff(bobPhone.id()), Duration.ofSeconds(60)));
    story.on(new SessionEvent.TimerFired(new SessionTimer.BackOff(bobPhone.id())));
    story.on(new SessionEvent.Owed(bobPhone));
    assertThat(story.invited()).containsExactly(bobPhone, bobDesktop, bobPhone, bobPhone);
  }

  @Test
  void aDeviceThatAllLeaveAloneIsCalledBackWhenThatIsOver() {
    Story story = established(false, settings());
    SessionTimer over = new SessionTimer.BackOff(bobPhone.id());
    Duration still = Duration.ofSeconds(7);

    story.on(new SessionEvent.LeftAlone(bobPhone.id(), still));
    assertThat(story.starts(over)).as("it is in the session").isZero();

    story.byes(bobPhone, ByeReason.NONE);
    story.on(new SessionEvent.LeftAlone(bobPhone.id(), still));
    assertThat(story.all(SessionEffect.Start.class)).contains(new SessionEffect.Start(over, still));
  }

  @Test
  void aDeviceThatDeclinedIsNotTriedAgain() {
    Story story = new Story(false, settings());
    story.invites(alicePhone, bobPhone, bobDesktop);
    story.accepts(bobDesktop);

    story.refuses(bobPhone, 603);
    story.wants(alicePhone, bobPhone);

    assertThat(story.starts(new SessionTimer.BackOff(bobPhone.id()))).isZero();
    assertThat(story.invited()).containsExactly(bobPhone, bobDesktop);
  }

  @Test
  void pagersAmongThemselvesHaveNoSessionThatEnds() {
    Story story = new Story(false, settings());
    Device pager = pager("bob");
    story.on(new SessionEvent.Paged(pager("alice")));
    story.wants(pager("alice"), pager);
    assertThat(story.starts(new SessionTimer.Linger())).isPositive();

    story.on(new SessionEvent.TimerFired(new SessionTimer.Linger()));

    assertThat(story.all(SessionEffect.Ended.class)).isEmpty();
    assertThat(story.all(SessionEffect.Close.class)).as("their legs are given up").hasSize(2);
  }

  // ---- the story teller

  private Story established(boolean group, SessionSettings settings) {
    Story story = new Story(group, settings);
    LegId inviter = story.invites(alicePhone, alicePhone, aliceTablet, bobPhone, bobDesktop);
    for (Device device : List.of(aliceTablet, bobPhone, bobDesktop)) {
      story.accepts(device);
      story.on(new SessionEvent.Ready(story.leg(device)));
    }
    story.on(new SessionEvent.Ready(inviter));
    story.effects.removeIf(effect -> !(effect instanceof SessionEffect.Open));
    story.invitedBefore = story.invited().size();
    return story;
  }

  private static final class Story {
    private final ChatSession session;
    private final List<SessionEffect> effects = new ArrayList<>();
    private final Map<DeviceId, LegId> legs = new LinkedHashMap<>();
    private int next;
    private int invitedBefore;

    Story(boolean group, SessionSettings settings) {
      session =
          new ChatSession(
              settings, Duration.ofSeconds(30), group, () -> new LegId("leg-" + ++next));
    }

    List<Integer> maxForwards() {
      return all(SessionEffect.Open.class).stream().map(SessionEffect.Open::maxForwards).toList();
    }

    LegId invites(Device from, Device... everybody) {
      return invite(from, false, everybody);
    }

    LegId invitesWithMessage(Device from, Device... everybody) {
      return invite(from, true, everybody);
    }

    private LegId invite(Device from, boolean message, Device... everybody) {
      LegId leg = new LegId("inbound-" + ++next);
      legs.put(from.id(), leg);
      on(
          new SessionEvent.Invited(
              leg, from, true, message, Duration.ofMinutes(3), 7, bySubscriber(everybody)));
      return leg;
    }

    void wants(Device author, Device... audience) {
      on(new SessionEvent.Wanted(author.id(), bySubscriber(audience)));
    }

    void accepts(Device device) {
      on(new SessionEvent.Accepted(leg(device), true));
    }

    void refuses(Device device, int status) {
      on(new SessionEvent.Refused(leg(device), status, false));
    }

    void byes(Device device, ByeReason reason) {
      on(new SessionEvent.Bye(leg(device), reason));
    }

    void on(SessionEvent event) {
      List<SessionEffect> more = session.on(event);
      effects.addAll(more);
      for (SessionEffect effect : more) {
        if (effect instanceof SessionEffect.Open open) {
          legs.put(open.device().id(), open.leg());
        }
      }
    }

    LegId leg(Device device) {
      return legs.get(device.id());
    }

    List<Device> invited() {
      return all(SessionEffect.Open.class).stream()
          .skip(invitedBefore)
          .map(SessionEffect.Open::device)
          .toList();
    }

    long starts(SessionTimer timer) {
      return all(SessionEffect.Start.class).stream()
          .filter(start -> start.timer().equals(timer))
          .count();
    }

    <E extends SessionEffect> List<E> all(Class<E> kind) {
      return effects.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    <E extends SessionEffect> E only(Class<E> kind) {
      assertThat(all(kind)).hasSize(1);
      return all(kind).getFirst();
    }

    long closedBecause(Closing why) {
      return all(SessionEffect.Close.class).stream().filter(close -> close.why() == why).count();
    }

    private static Map<AddressOfRecord, List<Device>> bySubscriber(Device... devices) {
      Map<AddressOfRecord, List<Device>> all = new LinkedHashMap<>();
      for (Device device : devices) {
        all.computeIfAbsent(device.id().owner(), _ -> new ArrayList<>()).add(device);
      }
      return all;
    }
  }

  private static Device device(String user, String name) {
    AddressOfRecord owner = AddressOfRecord.of("sip:" + user + "@continuo.test");
    DeviceRoute route =
        new DeviceRoute(
            "sip:" + user + "@192.0.2.1:" + (5000 + name.length()),
            List.of(),
            Optional.of("tcp/192.0.2.1:6000/" + name.hashCode()),
            0,
            Map.of(),
            Instant.EPOCH);
    return new Device(
        new DeviceId(owner, name), DeviceSource.REGISTER, ChannelKind.SESSION, List.of(route));
  }

  private static Device pager(String user) {
    Device session = device(user, "pager");
    return new Device(session.id(), session.source(), ChannelKind.PAGER, session.routes());
  }

  private static SessionSettings settings() {
    return SessionSettings.DEFAULT;
  }

  private static SessionSettings refusing() {
    return with(Unreachable.REFUSE, ByePolicy.DEVICE_LEAVES, LegacyDevices.KEEP);
  }

  private static SessionSettings endingGroups() {
    return with(Unreachable.KEEP, ByePolicy.ENDS_SESSION, LegacyDevices.KEEP);
  }

  private static SessionSettings firstAnswerWins() {
    return with(Unreachable.KEEP, ByePolicy.DEVICE_LEAVES, LegacyDevices.FIRST_ANSWER_WINS);
  }

  private static SessionSettings with(
      Unreachable unreachable, ByePolicy groupBye, LegacyDevices legacy) {
    return new SessionSettings(
        Duration.ofSeconds(2),
        Duration.ofMinutes(3),
        unreachable,
        Duration.ofSeconds(30),
        Retention.KEEP,
        ByePolicy.DEVICE_LEAVES,
        groupBye,
        legacy,
        SiblingInvite.ALL,
        32,
        Duration.ofDays(30),
        Duration.ofDays(30),
        100,
        Duration.ofMinutes(30),
        Duration.ofSeconds(90));
  }
}
