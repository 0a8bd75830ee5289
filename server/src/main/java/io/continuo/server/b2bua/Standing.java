package io.continuo.server.b2bua;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.registrar.Device;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// How devices and subscribers stand to the session that they have no leg in, and which devices are
/// known for multi-client ones. Threading: the conversation's loop only.
final class Standing {
  /// Devices that hung up: invited again only for a new message or by a new registration.
  private final Set<DeviceId> parked = new HashSet<>();

  /// Devices that refused for good, or lost to a sibling: invited again only when they register
  /// anew or somebody begins anew.
  private final Set<DeviceId> refused = new HashSet<>();

  /// Devices that could not be had just now: busy, not answering, not there.
  private final Set<DeviceId> backingOff = new HashSet<>();

  /// Subscribers that declined (603) before any of their devices accepted.
  private final Set<AddressOfRecord> declined = new HashSet<>();

  /// Devices whose subscriber was addressed by the GRUU of another one.
  private final Set<DeviceId> leftOut = new HashSet<>();

  /// How often devices were tried in vain since they were reached last.
  private final Map<DeviceId, Integer> inVain = new HashMap<>();

  /// Devices that were called back since the last reason to reach them.
  private final Set<DeviceId> calledBack = new HashSet<>();

  /// Devices that have shown the multi-client mark. Outlives the session.
  private final Set<DeviceId> multiClient = new HashSet<>();

  void park(DeviceId device) {
    parked.add(device);
  }

  void refused(DeviceId device) {
    refused.add(device);
  }

  /// @return how often before, since it was reached last
  int backOff(DeviceId device) {
    backingOff.add(device);
    return inVain.merge(device, 1, Integer::sum) - 1;
  }

  void reached(DeviceId device) {
    inVain.remove(device);
  }

  void backedOff(DeviceId device) {
    backingOff.remove(device);
  }

  void decline(AddressOfRecord subscriber) {
    declined.add(subscriber);
  }

  /// Another device of its subscriber was meant.
  void leaveOut(DeviceId device) {
    leftOut.add(device);
  }

  /// Every device of the subscriber is meant.
  void takeIn(AddressOfRecord subscriber) {
    leftOut.removeIf(device -> device.owner().equals(subscriber));
  }

  /// Somebody invites the subscriber again.
  void invitedAnew(AddressOfRecord subscriber) {
    declined.remove(subscriber);
    takeIn(subscriber);
  }

  /// The device is back, or about to be.
  void welcome(DeviceId device) {
    parked.remove(device);
    refused.remove(device);
    backingOff.remove(device);
    leftOut.remove(device);
  }

  /// There is a new reason to reach the device.
  void mayBeCalledBack(DeviceId device) {
    calledBack.remove(device);
  }

  /// Whether a device whose leg ended is invited again now, for what it has not got: once for each
  /// reason to reach it.
  boolean callsBack(DeviceId device) {
    return !refuses(device) && calledBack.add(device);
  }

  /// Whether the device hung up, refused or could not be had in this session.
  boolean sitsOut(DeviceId device) {
    return parked.contains(device)
        || refused.contains(device)
        || backingOff.contains(device)
        || leftOut.contains(device);
  }

  /// Whether not even a new message is a reason to invite the device now.
  boolean refuses(DeviceId device) {
    return refused.contains(device)
        || backingOff.contains(device)
        || leftOut.contains(device)
        || hasDeclined(device.owner());
  }

  boolean hasDeclined(AddressOfRecord subscriber) {
    return declined.contains(subscriber);
  }

  /// The session is over: the next one begins with everybody.
  void forget() {
    parked.clear();
    refused.clear();
    backingOff.clear();
    declined.clear();
    leftOut.clear();
    calledBack.clear();
  }

  void shownMark(DeviceId device) {
    multiClient.add(device);
  }

  boolean isMultiClient(Device device) {
    return multiClient.contains(device.id())
        || device.route().features().containsKey("multi-client");
  }
}
