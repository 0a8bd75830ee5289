package io.continuo.server.runtime;

import io.continuo.server.configuration.SessionSettings.Retention;
import io.continuo.server.conversation.Conversation;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.conversation.ConversationEvent;
import io.continuo.server.conversation.LogRecord;
import io.continuo.server.conversation.MessageIds;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.ConversationId;
import io.continuo.server.identity.DeviceId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log core of one conversation at work: its [Conversation], the runner of what that wants
/// done, and what the store keeps of it: read when it wakes, kept before its first entry, dropped
/// at its end when nothing is retained. It knows nothing of the session; [ConversationProcess]
/// brings the two together.
///
/// Threading: the conversation's loop only, where nothing else is said.
final class LoggedConversation {
  private static final Logger log = LoggerFactory.getLogger(LoggedConversation.class);

  private final ConversationId id;
  private final ChatPorts ports;
  private final Agenda agenda;
  private final Channels channels;
  private final StoreAccess store;
  private final Consumer<ConversationEffect.Appended> appended;
  private Conversation conversation;
  private volatile boolean unreadable;

  /// @param channels the way to the legs that are attached
  /// @param appended told of each entry that is durable
  LoggedConversation(
      ConversationId id,
      ChatPorts ports,
      Loop loop,
      Agenda agenda,
      Channels channels,
      Consumer<ConversationEffect.Appended> appended) {
    this.id = id;
    this.ports = ports;
    this.agenda = agenda;
    this.channels = channels;
    this.store = new StoreAccess(id, ports.log(), ports.blocking(), loop, this::on);
    this.appended = appended;
    this.conversation = restored(List.of());
  }

  /// Whether the store owes no answer.
  boolean isQuiet() {
    return store.isQuiet() && conversation.stats().pending() == 0;
  }

  /// Whether the log could not be read. Any thread.
  boolean isUnreadable() {
    return unreadable;
  }

  Set<AddressOfRecord> participants() {
    return conversation.participants();
  }

  /// Whether the device has not got all that it may see.
  boolean owesTo(DeviceId device) {
    return conversation.owesTo(device, device.owner());
  }

  /// Entries that the cursor of each device is behind what it may see.
  Map<DeviceId, Long> lag() {
    return conversation.stats().lag();
  }

  // ---- events and what they bring about

  void on(ConversationEvent event) {
    agenda.add(() -> conversation.on(event, ports.clock().instant()).forEach(this::run));
  }

  /// A MESSAGE.
  ///
  /// @param maxForwards of its copies by MESSAGE
  void on(ConversationEvent.Submit message, int maxForwards) {
    agenda.add(() -> {
      List<ConversationEffect> wanted = conversation.on(message, ports.clock().instant());
      wanted.forEach(this::run);
      wanted.stream()
          .filter(ConversationEffect.Append.class::isInstance)
          .map(ConversationEffect.Append.class::cast)
          .forEach(append -> channels.copied(append.entry().sequence(), maxForwards));
    });
  }

  private void run(ConversationEffect effect) {
    switch (effect) {
      case ConversationEffect.Append append -> {
        channels.ours(append.entry().sequence());
        store.append(append.entry());
      }
      case ConversationEffect.Note note -> store.note(note.told());
      case ConversationEffect.Respond respond -> respond.reply().answer(respond.result());
      case ConversationEffect.Deliver deliver -> channels.deliver(deliver);
      case ConversationEffect.Relay relay -> channels.relay(relay);
      case ConversationEffect.Read read -> store.read(read);
      case ConversationEffect.Appended durable -> appended.accept(durable);
      case ConversationEffect.Count count -> ports.observer().counted(count.what());
    }
  }

  // ---- what the store keeps of it

  /// What the store had of a conversation.
  ///
  /// @param name its newest Conversation-ID
  record Kept(List<LogRecord> records, Optional<String> name) {}

  /// Reads the log; every step waits for it. A conversation whose log cannot be read takes nothing:
  /// it would number its entries from 1 again.
  void load(Consumer<Kept> then) {
    agenda.await(
        () ->
            new Kept(
                ports.log().load(id),
                ports.directory().aliases(id).stream().reduce((_, newest) -> newest)),
        kept -> {
          conversation = restored(kept.records());
          then.accept(kept);
        },
        why -> {
          unreadable = true;
          logFailure("conversation.load-failed", why);
        });
  }

  private Conversation restored(List<LogRecord> records) {
    MessageIds messageIds = () -> ports.uuids().get().toString();
    return Conversation.restore(
        id, ports.configuration().session(), ports.configuration().imdn(), messageIds, records);
  }

  /// Keeps new participants in the directory before the log hears of them, so that a restart finds
  /// the conversation.
  void open(Collection<AddressOfRecord> participants, Runnable then, Runnable failed) {
    if (unreadable) {
      failed.run();
    } else if (participants().containsAll(participants)) {
      then.run();
    } else {
      agenda.await(
          () -> {
            ports.directory().keep(id, id.isGroup(), participants);
            return List.copyOf(participants);
          },
          kept -> {
            on(new ConversationEvent.Open(id.isGroup(), kept));
            agenda.add(then);
          },
          why -> {
            logFailure("directory.keep-failed", why);
            failed.run();
          });
    }
  }

  /// Off the loop, and nobody waits for it: without it only the name is another after a restart.
  void rememberName(String conversationName) {
    ports
        .blocking()
        .execute(() -> {
          try {
            ports.directory().alias(id, conversationName);
          } catch (StoreUnavailable why) {
            logFailure("directory.alias-failed", why);
          }
        });
  }

  /// The session is over.
  ///
  /// @param nobodyCame whether nobody is in the next one yet
  void sessionEnded(BooleanSupplier nobodyCame) {
    if (ports.configuration().session().retention() == Retention.DISCARD) {
      // Behind every pending append: what was acknowledged is still handed to whoever is attached,
      // then all is dropped.
      on(new ConversationEvent.Probe(_ -> agenda.add(() -> discard(nobodyCame))));
    } else if (conversation.isOpen()) {
      on(new ConversationEvent.EndSession());
    }
  }

  /// Not when somebody came or wrote meanwhile: that was accepted into a conversation that goes on,
  /// and its own end will discard it.
  private void discard(BooleanSupplier nobodyCame) {
    if (!nobodyCame.getAsBoolean() || conversation.stats().pending() > 0) {
      return;
    }
    agenda.await(
        () -> {
          ports.log().erase(id);
          ports.directory().forget(id);
          return List.<LogRecord>of();
        },
        nothing -> conversation = restored(nothing),
        why -> logFailure("conversation.discard-failed", why));
  }

  private void logFailure(String event, Throwable why) {
    log.atError().addKeyValue("conversation", id).setCause(why).log(event);
  }
}
