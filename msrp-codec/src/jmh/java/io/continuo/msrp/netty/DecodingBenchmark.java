package io.continuo.msrp.netty;

import io.continuo.msrp.MsrpLimits;
import io.continuo.msrp.MsrpMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DecodingBenchmark {
  private EmbeddedChannel msrp;
  private ByteBuf msrpBytes;

  @Setup
  public void setUp() {
    msrp = new EmbeddedChannel(new MsrpDecoder(MsrpLimits.DEFAULT));
    msrpBytes = Unpooled.directBuffer().writeBytes("MSRP abcd SEND\r\nTo-Path: msrp://a:1/b;tcp\r\nFrom-Path: msrp://a:1/c;tcp\r\n-------abcd$\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  @Benchmark
  public void send(Blackhole hole) {
    msrp.writeInbound(msrpBytes.retainedDuplicate());
    MsrpMessage m = msrp.readInbound();
    hole.consume(m);
    ReferenceCountUtil.release(m);
  }
}
