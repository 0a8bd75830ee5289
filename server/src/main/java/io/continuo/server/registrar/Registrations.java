package io.continuo.server.registrar;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Port: what the SIP side tells the registrar. Any thread; returns at once.
public interface Registrations {
  /// `then` is called once, on another thread, when the outcome is durable.
  void register(Registration registration, Consumer<Registration.Outcome> then);

  /// An authenticated INVITE, OPTIONS or MESSAGE came from this contact: the device, known from now
  /// on (for `registrar.learned-lifetime` when it is not registered). Matches by `+sip.instance`,
  /// then by flow, then by contact URI.
  Device seen(
      AddressOfRecord subscriber,
      Registration.Contact contact,
      List<String> path,
      Optional<String> flow);

  /// An INVITE or MESSAGE to the device ended so: 404 and 410 forget a learned device, 408, 480 and
  /// 503 make it back off.
  void attempted(DeviceId device, int status);

  /// The device with this instance, as long as a source tells of it.
  ///
  /// @param instance as [DeviceId] has it
  Optional<KnownDevice> known(AddressOfRecord subscriber, String instance);

  /// A device asked to be left alone for so long (503 with Retry-After, RFC 3261 §20.33).
  void leaveAlone(DeviceId device, Duration time);

  /// A proxy says that the flow behind it is gone (430, RFC 5626 §5.3): the bindings of this
  /// Contact over this Path, when they name a flow, are removed.
  void flowFailed(DeviceId device, String contact, List<String> path);

  /// The subscriber whose device registered over this flow, while that binding lasts.
  Optional<AddressOfRecord> ownerOfFlow(String flow);

  /// A connection is gone: its routes are not used any more (the binding stays until it expires).
  void flowClosed(String flow);
}
