package io.continuo.server.runtime;

import io.continuo.server.b2bua.MaxForwards;
import io.continuo.server.b2bua.PagerChannel;
import io.continuo.server.b2bua.SessionChannel;
import io.continuo.server.conversation.Channel;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.conversation.DeliveryOutcome;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.Device;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The channels of one conversation, one for each leg, and what an operator counts of each copy on
/// them. Threading: the conversation's loop only.
final class Channels {
  private static final Logger log = LoggerFactory.getLogger(Channels.class);

  private final ChatObserver observer;
  private final InstantSource clock;

  /// Entries that came by MESSAGE whose copies are told apart from messages of our own; of older
  /// ones nothing is known any more.
  private static final int MOST_COPIED = 1_000;

  private final Map<LegId, Open> open = new HashMap<>();

  /// Max-Forwards of their copies, by sequence.
  private final SequencedMap<Long, Integer> copied = new LinkedHashMap<>();

  Channels(ChatObserver observer, InstantSource clock) {
    this.observer = observer;
    this.clock = clock;
  }

  /// One channel that is open.
  private static final class Open {
    private final Channel channel;
    private final Device device;

    /// When each copy was handed over, until the device answers: at most a delivery window.
    private final Map<Long, Instant> unanswered = new HashMap<>();

    private long handedLast;

    private Open(Channel channel, Device device) {
      this.channel = channel;
      this.device = device;
    }
  }

  void add(Channel channel, Device device) {
    open.put(channel.leg(), new Open(channel, device));
  }

  void remove(LegId leg) {
    open.remove(leg);
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  Optional<Device> device(LegId leg) {
    return Optional.ofNullable(open.get(leg)).map(one -> one.device);
  }

  Optional<Channel> find(LegId leg) {
    return Optional.ofNullable(open.get(leg)).map(one -> one.channel);
  }

  boolean isPager(LegId leg) {
    return find(leg).filter(PagerChannel.class::isInstance).isPresent();
  }

  /// Does something with the leg's channel when that is one of INVITE and MSRP.
  void onSession(LegId leg, Consumer<SessionChannel> action) {
    if (find(leg).orElse(null) instanceof SessionChannel channel) {
      action.accept(channel);
    }
  }

  void deliver(ConversationEffect.Deliver copy) {
    Open to = open.get(copy.leg());
    if (to == null) {
      return;
    }
    checkOrder(to, copy.sequence());
    observer.copySent();
    to.unanswered.put(copy.sequence(), clock.instant());
    if (to.channel instanceof PagerChannel pager) {
      pager.deliver(copy, copied.getOrDefault(copy.sequence(), MaxForwards.OURS));
    } else {
      to.channel.deliver(copy);
    }
  }

  /// This entry came by MESSAGE.
  void copied(long sequence, int maxForwards) {
    copied.put(sequence, maxForwards);
    if (copied.size() > MOST_COPIED) {
      copied.pollFirstEntry();
    }
  }

  /// This entry is a new one, whatever had its number before.
  void ours(long sequence) {
    copied.remove(sequence);
  }

  void relay(ConversationEffect.Relay relay) {
    find(relay.leg()).ifPresent(channel -> channel.relay(relay));
  }

  void answered(LegId leg, long sequence, DeliveryOutcome outcome) {
    Optional.ofNullable(open.get(leg))
        .map(one -> one.unanswered.remove(sequence))
        .ifPresent(
            handed -> observer.copyAnswered(outcome, Duration.between(handed, clock.instant())));
  }

  /// Whether the device has not answered all that was handed over.
  boolean awaitsAnswer(LegId leg) {
    Open one = open.get(leg);
    return one != null && !one.unanswered.isEmpty();
  }

  /// What was handed over before counts as not made: it is all handed over again when the leg has a
  /// connection.
  void suspended(LegId leg) {
    Open one = open.get(leg);
    if (one != null) {
      one.handedLast = 0;
      one.unanswered.clear();
    }
  }

  /// What a device receives is a subsequence of log order, on every leg. Were it not so, an
  /// operator would see it.
  private void checkOrder(Open to, long sequence) {
    if (to.handedLast >= sequence) {
      observer.outOfOrder();
      log.atError()
          .addKeyValue("leg", to.channel.leg())
          .addKeyValue("sequence", sequence)
          .addKeyValue("after", to.handedLast)
          .log("delivery.out-of-order");
    }
    to.handedLast = sequence;
  }
}
