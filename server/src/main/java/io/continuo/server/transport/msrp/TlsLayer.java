package io.continuo.server.transport.msrp;

import io.continuo.msrp.MsrpStatus;
import io.continuo.server.transport.tls.TlsMaterial;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslCompletionEvent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.Mapping;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// TLS under MSRP, in both roles. Certificates come from [TlsMaterial] at each handshake, so a
/// renewed one needs no restart; connections that stand keep theirs. A handshake that fails or
/// takes longer than `msrp.handshake-timeout` is one log line, one count and the connection's end.
///
/// Threading: the connection's event loop; [#secured] any thread.
final class TlsLayer {
  private static final Logger log = LoggerFactory.getLogger(TlsLayer.class);

  private final Optional<TlsMaterial> material;
  private final Duration timeout;
  private final Refusals refusals;

  /// @param material needed when TLS is spoken
  TlsLayer(Optional<TlsMaterial> material, Duration timeout, Refusals refusals) {
    this.material = material;
    this.timeout = timeout;
    this.refusals = refusals;
  }

  /// Under a connection that somebody makes to us.
  ///
  /// @param browser whether it is a browser's: that would ask its user for a certificate, and has
  ///   none; everybody else is asked, and may have none
  void underAccepted(Channel channel, InetAddress source, boolean browser) {
    Mapping<String, SslContext> contexts =
        browser ? certificates().servers() : certificates().serversThatAskForCertificate();
    channel.pipeline().addLast(new Sni(contexts)).addLast(new Guard(source));
  }

  /// Under a connection that we make. Its certificate is compared with the SDP's fingerprint once
  /// it was shown; without one it must be of a trusted authority and name the address.
  void underDialled(Channel channel, Outgoing.To to) {
    SslContext context =
        to.assurance().isProof()
            ? certificates().clientOfAnyCertificate()
            : certificates().client();
    InetAddress address = to.target().getAddress();
    SslHandler tls =
        context.newHandler(channel.alloc(), to.target().getHostString(), to.target().getPort());
    limited(tls);
    channel.pipeline().addLast(tls).addLast(new Guard(address));
  }

  /// When a connection that we make is as the SDP asks: after the handshake, if there is one. Fails
  /// when the peer shows another certificate.
  ChannelFuture secured(ChannelFuture connected, Outgoing.To to) {
    if (!to.assurance().secure()) {
      return connected;
    }
    Channel channel = connected.channel();
    ChannelPromise secured = channel.newPromise();
    connected.addListener(done -> {
      if (done.isSuccess()) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        tls.handshakeFuture().addListener(shaken -> conclude(secured, shaken.cause(), to));
      } else {
        secured.tryFailure(done.cause());
      }
    });
    return secured;
  }

  private void conclude(ChannelPromise secured, @Nullable Throwable failed, Outgoing.To to) {
    if (failed != null) {
      secured.tryFailure(failed);
      return;
    }
    Optional<String> wrong = to.assurance().whyNot(secured.channel());
    if (wrong.isPresent()) {
      note(to.target().getAddress(), wrong.get(), "-");
      secured.tryFailure(new SSLException(wrong.get()));
      secured.channel().close();
    } else {
      secured.trySuccess();
    }
  }

  private TlsMaterial certificates() {
    return material.orElseThrow(() -> new IllegalStateException("TLS is not spoken"));
  }

  private void limited(SslHandler tls) {
    tls.setHandshakeTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void note(InetAddress peer, String reason, String detail) {
    refusals.note(peer.getHostAddress(), MsrpStatus.FORBIDDEN.code(), reason, detail);
  }

  /// Chooses the certificate by the name that the client asks for.
  private final class Sni extends SniHandler {
    Sni(Mapping<String, SslContext> contexts) {
      super(contexts, timeout.toMillis());
    }

    @Override
    protected SslHandler newSslHandler(SslContext context, ByteBufAllocator allocator) {
      SslHandler tls = super.newSslHandler(context, allocator);
      limited(tls);
      return tls;
    }
  }

  /// Tells of a handshake that failed, once, and keeps TLS errors from the handlers above.
  private final class Guard extends ChannelInboundHandlerAdapter {
    /// Causes looked through.
    private static final int MAX_DEPTH = 10;

    private final InetAddress peer;
    private boolean told;

    Guard(InetAddress peer) {
      this.peer = peer;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof SslCompletionEvent completion && !completion.isSuccess()) {
        failed(context, completion.cause());
      }
      context.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      Throwable root = cause instanceof DecoderException ? cause.getCause() : cause;
      if (root instanceof SSLException) {
        failed(context, root);
      } else {
        context.fireExceptionCaught(cause);
      }
    }

    /// The innermost message: those around it only say that TLS failed.
    private static String detail(Throwable cause) {
      Throwable inner = cause;
      for (int depth = 0; depth < MAX_DEPTH && inner.getCause() != null; depth++) {
        inner = inner.getCause();
      }
      return String.valueOf(inner.getMessage());
    }

    private void failed(ChannelHandlerContext context, Throwable cause) {
      boolean shaken =
          context.pipeline().get(SslHandler.class) instanceof SslHandler tls
              && tls.handshakeFuture().isSuccess();
      if (!told && !shaken && cause instanceof SSLException) {
        note(peer, "TLS handshake failed", detail(cause));
      } else {
        log.atDebug().addKeyValue("reason", cause.getMessage()).log("msrp.tls-broken");
      }
      told = true;
      context.close();
    }
  }
}
