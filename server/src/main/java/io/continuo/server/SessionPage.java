package io.continuo.server;

import io.continuo.server.b2bua.LegView;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.registrar.Subscribers;
import io.continuo.server.runtime.ConversationView;
import io.continuo.server.runtime.Conversations;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/// `/sessions` of the operations port: the conversations that are awake, with the legs of their
/// sessions and what every cursor lags behind. The largest lag comes first, so the list may be cut.
///
/// Threading: any thread that may wait for the conversations' loops.
record SessionPage(Conversations conversations, Subscribers subscribers)
    implements Function<Optional<String>, Object> {

  /// Sessions on one page; how many more there are is said.
  static final int MAX_SESSIONS = 500;

  /// The answer.
  ///
  /// @param awake conversations that are awake, of the subscriber that was asked for
  /// @param left how many of them are not listed
  record Page(int awake, int left, List<Session> sessions) {}

  /// @param live whether a device is present; else the session waits for somebody to come back
  /// @param lag of every cursor, by device: entries that it is behind
  record Session(
      String conversation,
      boolean group,
      boolean live,
      List<String> participants,
      List<Leg> legs,
      Map<String, Long> lag) {}

  /// @param direction of the INVITE, seen from the server
  record Leg(String device, String channel, String direction, String state, boolean multiClient) {}

  @Override
  public Object apply(Optional<String> subscriber) {
    Optional<AddressOfRecord> only = subscriber.map(this::primary);
    List<ConversationView> awake =
        conversations.views().stream()
            .filter(one -> only.isEmpty() || one.participants().contains(only.get()))
            .sorted(
                Comparator.comparingLong(SessionPage::largestLag)
                    .reversed()
                    .thenComparing(one -> one.id().value()))
            .toList();
    List<Session> listed = awake.stream().limit(MAX_SESSIONS).map(SessionPage::session).toList();
    return new Page(awake.size(), awake.size() - listed.size(), listed);
  }

  /// Of an address that nobody has, nobody is a participant.
  private AddressOfRecord primary(String address) {
    AddressOfRecord asked =
        AddressOfRecord.parse(address).orElseGet(() -> new AddressOfRecord(address));
    return subscribers.find(asked).map(found -> found.address()).orElse(asked);
  }

  private static long largestLag(ConversationView one) {
    return one.lag().values().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  private static Session session(ConversationView one) {
    Map<String, Long> lag = new TreeMap<>();
    one.lag().forEach((device, entries) -> lag.put(device.toString(), entries));
    return new Session(
        one.id().value(),
        one.group(),
        one.live(),
        texts(one.participants().stream()),
        one.legs().stream().map(SessionPage::leg).toList(),
        lag);
  }

  private static Leg leg(LegView leg) {
    return new Leg(
        leg.device().toString(),
        leg.channel().name().toLowerCase(Locale.ROOT),
        leg.inbound() ? "inbound" : "outbound",
        leg.state(),
        leg.multiClient());
  }

  private static List<String> texts(Stream<AddressOfRecord> addresses) {
    return addresses.sorted().map(AddressOfRecord::uri).toList();
  }
}
