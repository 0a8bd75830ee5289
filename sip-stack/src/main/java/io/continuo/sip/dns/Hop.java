package io.continuo.sip.dns;

import io.continuo.sip.Flow;
import java.net.InetSocketAddress;

/// One server to try.
public record Hop(Flow.Transport transport, InetSocketAddress address) {}
