package io.continuo.sipcomparison;

import io.continuo.sipcomparison.Messages.Party;
import io.continuo.sipcomparison.Tally.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Callers and devices over raw sockets: a number of slots, each with one caller and one callee
/// that has [#DEVICES] devices. Every slot plays one call after another: INVITE, 180 and 200 of all
/// devices, ACK to all, then BYE to all.
///
/// Nothing is repeated here: what is lost is missing in the [Tally].
///
/// Threading: not shared; the caller's thread does all of it.
final class SipLoad implements AutoCloseable {
  static final int DEVICES = 4;

  private final Duration limit;
  private final Messages messages;
  private final Selector selector = Selector.open();
  private final List<Slot> slots = new ArrayList<>();
  private final Map<String, Slot> calls = new HashMap<>();
  private final Map<String, Leg> legs = new HashMap<>();
  private final Map<String, Registration> registrations = new HashMap<>();
  private Tally tally = new Tally();
  private int toStart;
  private int unfinished;
  private int number;

  /// One call at a time, between a caller and a callee.
  private static final class Slot {
    final Party caller;
    final List<Registration> devices = new ArrayList<>();
    final List<Runnable> toAccept = new ArrayList<>();
    String callId = "";
    boolean ringing;
    int acknowledged;
    int ended;
    boolean hungUp;
    boolean over;
    @Nullable Received answer;

    Slot(Party caller) {
      this.caller = caller;
    }
  }

  /// One device's side of a call.
  private static final class Leg {
    final Slot slot;
    boolean acknowledged;

    Leg(Slot slot) {
      this.slot = slot;
    }
  }

  /// What keeps one device, or a caller, registered.
  private static final class Registration {
    final Party party;
    final String callId;
    int sequence;

    Registration(Party party) throws IOException {
      this.party = party;
      this.callId = "r-" + party.user() + "-" + party.address().getPort();
    }
  }

  /// @param limit how long a load may take before what is missing is an error
  SipLoad(InetSocketAddress server, String transport, int slotCount, Duration limit)
      throws IOException {
    this.limit = limit;
    this.messages = new Messages(transport);
    for (int i = 0; i < slotCount; i++) {
      Slot slot = new Slot(registration("caller" + i, server, transport).party);
      slots.add(slot);
      for (int device = 0; device < DEVICES; device++) {
        slot.devices.add(registration("callee" + i, server, transport));
      }
    }
  }

  private Registration registration(String user, InetSocketAddress server, String transport)
      throws IOException {
    Line line = Line.to(server, transport);
    Registration made = new Registration(new Party(user, line, line.local()));
    registrations.put(made.callId, made);
    line.channel().register(selector, SelectionKey.OP_READ, made.party);
    return made;
  }

  /// Registers everybody once, with credentials when they are asked for.
  void registerAll() throws IOException {
    begin(0, registrations.size());
    for (Registration registration : registrations.values()) {
      send(registration, "");
    }
    awaitAll();
    tally.requireRegistrations(registrations.size());
  }

  private void send(Registration registration, String credentials) throws IOException {
    Party party = registration.party;
    party.send(messages.register(party, registration.callId, ++registration.sequence, credentials));
  }

  /// Refreshes registrations of devices, one of each callee at a time.
  Tally register(int count) throws IOException {
    begin(count, count);
    for (Slot slot : slots) {
      refresh(slot.devices.getFirst());
    }
    awaitAll();
    tally.requireRegistrations(count);
    return tally;
  }

  private void refresh(Registration device) throws IOException {
    if (toStart > 0) {
      toStart--;
      send(device, "");
    }
  }

  /// Plays calls, one for each slot at a time.
  Tally call(int count) throws IOException {
    begin(count, count);
    for (Slot slot : slots) {
      invite(slot);
    }
    awaitAll();
    tally.requireCalls(count, DEVICES);
    return tally;
  }

  private void begin(int start, int finish) {
    tally = new Tally();
    toStart = start;
    unfinished = finish;
  }

  private void invite(Slot slot) throws IOException {
    if (toStart == 0) {
      return;
    }
    toStart--;
    slot.ringing = false;
    slot.acknowledged = 0;
    slot.ended = 0;
    slot.hungUp = false;
    slot.over = false;
    slot.answer = null;
    slot.callId = "c-" + slot.caller.user() + "-" + ++number;
    calls.put(slot.callId, slot);
    tally.count(Event.INVITED);
    String callee = slot.devices.getFirst().party.user();
    slot.caller.send(messages.invite(slot.caller, callee, slot.callId));
  }

  private void awaitAll() throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (unfinished > 0) {
      long left = Math.ceilDiv(deadline - System.nanoTime(), 1_000_000L);
      if (left <= 0) {
        throw new IllegalStateException(unfinished + " are not finished in time: " + tally);
      }
      selector.select(this::read, left);
    }
  }

  private void read(SelectionKey key) {
    Party party = (Party) key.attachment();
    try {
      party.line().read(message -> took(party, message));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private void took(Party party, Received message) {
    try {
      if (!message.isResponse()) {
        requested(party, message);
      } else if (message.answered().equals("REGISTER")) {
        registered(message);
      } else {
        answered(message);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  // --- what callers, and devices that register, are answered -------------------------------------

  private void registered(Received response) throws IOException {
    Registration registration = registrations.get(response.callId());
    if (response.status() == 401) {
      send(registration, Credentials.answering(response, registration.party.user()));
    } else if (response.status() == 200) {
      tally.count(Event.REGISTERED);
      unfinished--;
      refresh(registration);
    } else if (response.status() > 200) {
      refused(response);
    }
  }

  private void refused(Received response) {
    tally.count(Event.REFUSED);
    throw new IllegalStateException(tally + ", refused:\n" + response.text());
  }

  private void answered(Received response) throws IOException {
    Slot slot = calls.get(response.callId());
    if (slot == null) {
      tally.count(Event.REPEATED);
    } else if (response.answered().equals("INVITE")) {
      inviteAnswered(slot, response);
    } else if (response.status() >= 200) {
      tally.count(slot.over ? Event.REPEATED : Event.ENDED);
      slot.over = true;
      finishWhenDone(slot);
    }
  }

  private void inviteAnswered(Slot slot, Received response) throws IOException {
    if (response.status() >= 300) {
      refused(response);
    } else if (response.status() == 180) {
      tally.count(slot.ringing ? Event.REPEATED : Event.RINGING);
      slot.ringing = true;
      slot.toAccept.forEach(Runnable::run);
      slot.toAccept.clear();
    } else if (response.status() == 200) {
      tally.count(slot.answer == null ? Event.ANSWERED : Event.REPEATED);
      slot.answer = response;
      slot.caller.send(messages.inDialog("ACK", slot.caller, response, 1));
      hangUpWhenAllHear(slot);
    }
  }

  private void hangUpWhenAllHear(Slot slot) throws IOException {
    if (slot.answer != null && !slot.hungUp && slot.acknowledged == DEVICES) {
      slot.hungUp = true;
      slot.caller.send(messages.inDialog("BYE", slot.caller, slot.answer, 2));
    }
  }

  private void finishWhenDone(Slot slot) throws IOException {
    if (slot.over && slot.ended == DEVICES) {
      calls.remove(slot.callId);
      unfinished--;
      invite(slot);
    }
  }

  // --- what devices are asked
  // ---------------------------------------------------------------------

  private void requested(Party device, Received request) throws IOException {
    switch (request.method()) {
      case "INVITE" -> invited(device, request);
      case "ACK" -> acknowledged(request);
      case "BYE" -> ended(device, request);
      default -> device.send(messages.ok(request));
    }
  }

  private void invited(Party device, Received invite) throws IOException {
    String caller = invite.userIn("From");
    Slot slot = slots.get(Integer.parseInt(caller.substring("caller".length())));
    boolean first = legs.putIfAbsent(invite.callId(), new Leg(slot)) == null;
    tally.count(first ? Event.DEVICE_INVITED : Event.REPEATED);
    device.send(messages.ringing(device, invite));
    if (slot.ringing) {
      accept(device, invite);
    } else {
      slot.toAccept.add(() -> accept(device, invite));
    }
  }

  // Not before the caller hears that it rings: a 180 that an answer overtakes need not be sent.
  private void accept(Party device, Received invite) {
    try {
      device.send(messages.accepted(device, invite));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private void acknowledged(Received ack) throws IOException {
    Leg leg = legs.get(ack.callId());
    if (leg == null || leg.acknowledged) {
      tally.count(Event.REPEATED);
    } else {
      leg.acknowledged = true;
      tally.count(Event.DEVICE_ACKNOWLEDGED);
      leg.slot.acknowledged++;
      hangUpWhenAllHear(leg.slot);
    }
  }

  private void ended(Party device, Received bye) throws IOException {
    device.send(messages.ok(bye));
    Leg leg = legs.remove(bye.callId());
    if (leg == null) {
      tally.count(Event.REPEATED);
    } else {
      tally.count(Event.DEVICE_BYE);
      leg.slot.ended++;
      finishWhenDone(leg.slot);
    }
  }

  @Override
  public void close() throws IOException {
    for (Registration registration : registrations.values()) {
      registration.party.line().close();
    }
    selector.close();
  }
}
