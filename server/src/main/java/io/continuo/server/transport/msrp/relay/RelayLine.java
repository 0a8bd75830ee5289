package io.continuo.server.transport.msrp.relay;

import io.continuo.msrp.MsrpHeader;
import io.continuo.msrp.MsrpUri;
import java.time.Duration;
import java.util.List;

/// Port: the connection to the first relay, which carries every session. Everything on its loop.
public interface RelayLine {
  /// Makes connections.
  interface Dialler {
    /// Tells exactly one of [Owner#connected] and [Owner#failed].
    void connect(MsrpUri relay, Owner owner);

    /// Runs this on the loop, later.
    void after(Duration delay, Runnable work);
  }

  /// Who holds a connection.
  interface Owner {
    void connected(RelayLine line);

    /// It could not be made.
    void failed(String reason);

    /// It is gone. Told once for each that was connected.
    void closed(RelayLine line);

    /// Nothing came for `msrp.idle-timeout`, and no session is there to ask.
    void silent(RelayLine line);
  }

  /// The answer to a request.
  interface Answered {
    /// @param status 408 when none came in time, 0 when the connection was closed
    void with(int status, List<MsrpHeader> headers);
  }

  /// Sends AUTH.
  void authorize(List<MsrpUri> toPath, MsrpUri from, List<MsrpHeader> headers, Answered answered);

  /// The relays keep another path from now on: sessions that were told this one end, since it is
  /// good for what is left of its time only (RFC 4976 §9.4).
  ///
  /// @param inward as `a=path` told it
  void outlived(List<MsrpUri> inward);

  void close();
}
