package io.continuo.device;

import io.continuo.device.sip.SipAgent.Transport;
import io.continuo.device.sip.SipText;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// What kind of device it is.
///
/// @param name unique in a ladder: its lane
/// @param address the subscriber's address, `sip:alice@continuo.test`
/// @param instance `urn:uuid:…`, its `+sip.instance`
/// @param regId its flow (RFC 5626 §4.2); devices of one instance with different ones are one
///   device
/// @param gruu whether it asks for GRUUs (RFC 5627 §4.1)
/// @param user digest user name
/// @param server where it registers and sends requests
/// @param host the address it listens at and connects from; empty: the one that faces the server
/// @param multiClient whether it shows the option tag `multi-client`; a legacy device does not
/// @param autoAccept which invitations it accepts by itself
/// @param autoReports dispositions it reports by itself when asked to: `delivered`, `displayed`
/// @param pager whether it has no MSRP and speaks MESSAGE only
/// @param chatIds whether its INVITEs and MESSAGEs carry Conversation-ID and Contribution-ID (OMA
///   CPM 2.2 §5.1); those of plain SIP clients do not
/// @param offersNothing whether its INVITEs have no SDP, so that the offer is the server's (RFC
///   3261 §13.2.1)
/// @param acceptTypes its SDP `accept-types`
/// @param conferenceFactory user part of the URI that makes groups
/// @param expires asked for when registering, in seconds
/// @param patience how long it waits for anything
public record DeviceConfig(
    String name,
    String address,
    String instance,
    int regId,
    boolean gruu,
    String user,
    String password,
    InetSocketAddress server,
    Transport transport,
    Optional<String> host,
    boolean multiClient,
    AutoAccept autoAccept,
    Set<String> autoReports,
    Role role,
    boolean pager,
    boolean chatIds,
    boolean offersNothing,
    List<String> acceptTypes,
    String conferenceFactory,
    int expires,
    Duration patience) {

  /// Which invitations a device accepts by itself.
  public enum AutoAccept {
    NONE,
    /// Multi-client sessions that its own subscriber started on another device.
    OWN_SESSIONS,
    MULTI_CLIENT,
    ALL
  }

  /// `a=setup` in its offers (RFC 6135 §4).
  public enum Role {
    ACTIVE,
    PASSIVE,
    ACTPASS
  }

  public DeviceConfig {
    autoReports = Set.copyOf(autoReports);
    acceptTypes = List.copyOf(acceptTypes);
  }

  /// The host of the address.
  public String domain() {
    return SipText.addressOfRecord(address).replaceAll("^.*[@:]", "");
  }

  /// A multi-client device on TCP that offers `actpass` and accepts multi-client sessions by
  /// itself.
  public static Builder of(String name, String address, InetSocketAddress server) {
    return new Builder(name, address, server);
  }

  /// Builds a configuration; every setter says what differs from the default.
  public static final class Builder {
    private final String name;
    private final String address;
    private InetSocketAddress server;
    private String instance = "urn:uuid:" + UUID.randomUUID();
    private int regId = 1;
    private boolean gruu;
    private String user;
    private String password;
    private Transport transport = Transport.TCP;
    private Optional<String> host = Optional.empty();
    private boolean multiClient = true;
    private AutoAccept autoAccept = AutoAccept.MULTI_CLIENT;
    private Set<String> autoReports = Set.of();
    private Role role = Role.ACTPASS;
    private boolean pager;
    private boolean chatIds = true;
    private boolean offersNothing;
    private List<String> acceptTypes = List.of("message/cpim", "application/im-iscomposing+xml");
    private String conferenceFactory = "chat";
    private int expires = 3600;
    private Duration patience = Device.PATIENCE;

    private Builder(String name, String address, InetSocketAddress server) {
      this.name = name;
      this.address = address;
      this.server = server;
      this.user = SipText.user(address);
      this.password = user + "-secret";
    }

    public Builder instance(String urn) {
      instance = urn;
      return this;
    }

    /// Sends everything to this proxy instead of the server (RFC 5626 §3.1).
    public Builder through(InetSocketAddress proxy) {
      server = proxy;
      return this;
    }

    /// Which of the flows of its instance this one is.
    public Builder regId(int number) {
      regId = number;
      return this;
    }

    public Builder withGruu() {
      gruu = true;
      return this;
    }

    public Builder credentials(String userName, String secret) {
      user = userName;
      password = secret;
      return this;
    }

    public Builder over(Transport chosen) {
      transport = chosen;
      return this;
    }

    /// Listens at this address of this host and connects from it.
    public Builder at(String address) {
      host = Optional.of(address);
      return this;
    }

    /// Without the multi-client mark; accepts by hand.
    public Builder legacy() {
      multiClient = false;
      autoAccept = AutoAccept.NONE;
      return this;
    }

    public Builder autoAccept(AutoAccept chosen) {
      autoAccept = chosen;
      return this;
    }

    public Builder reports(String... dispositions) {
      autoReports = Set.of(dispositions);
      return this;
    }

    public Builder setup(Role chosen) {
      role = chosen;
      return this;
    }

    public Builder pager() {
      pager = true;
      return this;
    }

    public Builder withoutChatIds() {
      chatIds = false;
      return this;
    }

    public Builder offeringNothing() {
      offersNothing = true;
      return this;
    }

    public Builder accepting(String... types) {
      acceptTypes = List.of(types);
      return this;
    }

    public Builder conferenceFactory(String userPart) {
      conferenceFactory = userPart;
      return this;
    }

    public Builder expires(int seconds) {
      expires = seconds;
      return this;
    }

    public Builder patience(Duration longest) {
      patience = longest;
      return this;
    }

    public DeviceConfig build() {
      return new DeviceConfig(
          name,
          address,
          instance,
          regId,
          gruu,
          user,
          password,
          server,
          transport,
          host,
          multiClient,
          autoAccept,
          autoReports,
          role,
          pager,
          chatIds,
          offersNothing,
          acceptTypes,
          conferenceFactory,
          expires,
          patience);
    }
  }
}
