package io.continuo.msrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The example of the README is compiled as it stands there, and chats.
class ReadmeTest {
  private static final Path README = Path.of(System.getProperty("basedir", "."), "README.md");
  private static final Pattern EXAMPLE =
      Pattern.compile("```java chat-endpoint\n(.*?)```", Pattern.DOTALL);
  private static final int LONGEST_EXAMPLE = 35;
  private static final String IMPORTS =
      """
      import io.continuo.msrp.*;
      import io.continuo.msrp.netty.*;
      import io.netty.channel.*;
      import java.nio.charset.StandardCharsets;
      import java.util.List;
      import java.util.function.Consumer;
      """;

  @TempDir Path classes;

  @Test
  void theChatEndpointOfTheReadmeCompilesAndChatsThroughASocket() throws Exception {
    Class<?> endpoint = compiled();
    BlockingQueue<String> heardByBob = new LinkedBlockingQueue<>();
    BlockingQueue<String> heardByAlice = new LinkedBlockingQueue<>();
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try {
      Channel bob =
          new ServerBootstrap()
              .group(group)
              .channel(NioServerSocketChannel.class)
              .childHandler(pipeline(endpoint, heardByBob::add))
              .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .sync()
              .channel();
      Channel alice =
          new Bootstrap()
              .group(group)
              .channel(NioSocketChannel.class)
              .handler(pipeline(endpoint, heardByAlice::add))
              .connect(bob.localAddress())
              .sync()
              .channel();
      String text = "Grüße 👩‍👩‍👧 ".repeat(200);

      say(endpoint, alice, text);

      assertThat(heardByBob.poll(20, TimeUnit.SECONDS)).isEqualTo(text);
      assertThat(heardByAlice.poll(20, TimeUnit.SECONDS)).isEqualTo("answered 200");
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(20, TimeUnit.SECONDS);
    }
  }

  private static ChannelHandler pipeline(Class<?> endpoint, Consumer<String> heard) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) throws ReflectiveOperationException {
        MsrpUri own = MsrpUri.of("127.0.0.1", 2855, "chat");
        Object handler =
            endpoint.getConstructor(MsrpUri.class, Consumer.class).newInstance(own, heard);
        channel.pipeline().addLast((ChannelHandler) handler);
      }
    };
  }

  private static void say(Class<?> endpoint, Channel channel, String text)
      throws ReflectiveOperationException {
    MsrpUri peer = MsrpUri.of("127.0.0.1", 2855, "bob");
    MsrpUri own = MsrpUri.of("127.0.0.1", 2855, "alice");
    endpoint
        .getMethod("say", Channel.class, MsrpUri.class, MsrpUri.class, String.class)
        .invoke(null, channel, peer, own, text);
  }

  private Class<?> compiled() throws Exception {
    Matcher example = EXAMPLE.matcher(Files.readString(README));
    assertThat(example.find()).as("an example in the README").isTrue();
    assertThat(example.group(1).lines().filter(line -> !line.isBlank()).count())
        .isLessThanOrEqualTo(LONGEST_EXAMPLE);
    var source =
        new SimpleJavaFileObject(
            URI.create("string:///ChatEndpoint.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreErrors) {
            return IMPORTS + example.group(1);
          }
        };
    List<String> options =
        List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
    var errors = new java.io.StringWriter();
    boolean done =
        ToolProvider.getSystemJavaCompiler()
            .getTask(errors, null, null, options, null, List.of(source))
            .call();
    assertThat(done).as(errors.toString()).isTrue();
    var loader =
        new URLClassLoader(new URL[] {classes.toUri().toURL()}, ReadmeTest.class.getClassLoader());
    return loader.loadClass("ChatEndpoint");
  }
}
