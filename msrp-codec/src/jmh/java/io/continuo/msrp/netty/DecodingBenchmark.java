package io.continuo.msrp.netty;

import io.continuo.msrp.MsrpBody;
import io.continuo.msrp.MsrpHeader;
import io.continuo.msrp.MsrpLimits;
import io.continuo.msrp.MsrpRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/// A SEND of 600 bytes with 7 headers, against an HTTP request of 600 bytes with 7 headers by
/// Netty's own decoder; then a further copy of that SEND for another leg.
///
/// Each comes as one buffer through a channel. Of each is read what an application must read to act
/// on it: what is asked for, four headers as text, and the body as bytes of its own. The copy begins
/// with the decoded request and ends with bytes in a buffer of the transport; then the same through
/// a channel, whose own account of a write is part of it.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DecodingBenchmark {
  private final EmbeddedChannel http = new EmbeddedChannel(new HttpRequestDecoder());
  private final EmbeddedChannel msrp =
      new EmbeddedChannel(new MsrpDecoder(MsrpLimits.DEFAULT));
  private final ByteBuf httpBytes = Samples.http();
  private final ByteBuf msrpBytes = Samples.send();
  private final EmbeddedChannel device = new EmbeddedChannel(new MsrpEncoder());
  private final Samples.Leg leg = Samples.decodedAndItsLeg();

  @Benchmark
  public void a_httpRequestOfNetty(Blackhole hole) {
    http.writeInbound(httpBytes.retainedDuplicate());
    HttpRequest request = http.readInbound();
    hole.consume(request.method());
    hole.consume(request.uri());
    hole.consume(request.headers().get(HttpHeaderNames.HOST));
    hole.consume(request.headers().get(HttpHeaderNames.CONTENT_TYPE));
    hole.consume(request.headers().get(HttpHeaderNames.USER_AGENT));
    hole.consume(request.headers().get(HttpHeaderNames.CONTENT_LENGTH));
    boolean last = false;
    while (!last) {
      HttpContent content = http.readInbound();
      byte[] bytes = new byte[content.content().readableBytes()];
      content.content().readBytes(bytes);
      hole.consume(bytes);
      last = content instanceof LastHttpContent;
      content.release();
    }
  }

  @Benchmark
  public void b_send(Blackhole hole) {
    msrp.writeInbound(msrpBytes.retainedDuplicate());
    MsrpRequest request = msrp.readInbound();
    hole.consume(request.method());
    hole.consume(request.toPath().getFirst().sessionId());
    hole.consume(request.header(MsrpHeader.MESSAGE_ID));
    hole.consume(request.header(MsrpHeader.CONTENT_TYPE));
    hole.consume(request.header(MsrpHeader.SUCCESS_REPORT));
    hole.consume(request.header(MsrpHeader.BYTE_RANGE));
    hole.consume(((MsrpBody.Bytes) request.body()).bytes());
  }

  @Benchmark
  public void c_furtherCopyForAnotherLeg(Blackhole hole) {
    ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(Samples.SIZE);
    MsrpEncoder.write(leg.copy(), out);
    hole.consume(out);
    out.release();
  }

  @Benchmark
  public void d_theSameThroughAChannel() {
    device.writeOutbound(leg.copy());
    ByteBuf written = device.readOutbound();
    while (written != null) {
      written.release();
      written = device.readOutbound();
    }
  }
}
