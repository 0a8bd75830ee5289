package io.continuo.server.registrar;

import io.continuo.server.identity.AddressOfRecord;
import java.util.List;

/// Port: the devices of a subscriber at this moment. Any thread; never blocks.
public interface Devices {
  /// Unexpired devices of the subscriber with this primary address, in the order they were first
  /// known. A device that backs off after a failed invite is left out.
  List<Device> of(AddressOfRecord subscriber);
}
