package io.continuo.server;

import io.continuo.server.configuration.InvalidConfiguration;
import io.continuo.server.configuration.OperationsSettings;
import io.continuo.server.configuration.ServerConfiguration;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.storage.segments.SegmentLog;
import io.continuo.server.telemetry.MessageStory;
import io.continuo.server.telemetry.StoryText;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `continuo trace MESSAGE-ID`: the story of a message from the log. Asks the server when it runs,
/// else reads its files.
@Command(
    name = "trace",
    mixinStandardHelpOptions = true,
    description = "Tells what became of a message: who sent it, and what each device answered.")
final class TraceCommand implements Callable<Integer> {
  private static final int HTTP_OK = 200;
  private static final int HTTP_NOT_FOUND = 404;

  @Mixin private ConfigOption config = new ConfigOption();

  @Parameters(paramLabel = "MESSAGE-ID", description = "the message's imdn.Message-ID")
  private String messageId = "";

  @Override
  public Integer call() throws InterruptedException {
    try {
      ServerConfiguration configuration = config.load();
      try {
        return askServer(configuration.operations());
      } catch (ConnectException notRunning) {
        return readFiles(configuration);
      }
    } catch (InvalidConfiguration invalid) {
      ConfigOption.print(invalid, System.err);
      return Main.INVALID;
    } catch (IOException | StoreUnavailable failed) {
      System.err.println("continuo: " + failed.getMessage());
      return Main.FAILED;
    }
  }

  private int askServer(OperationsSettings operations) throws IOException, InterruptedException {
    String host = operations.host();
    URI uri =
        URI.create(
            "http://%s:%d/trace?message-id=%s"
                .formatted(
                    host.contains(":") ? "[" + host + "]" : host,
                    operations.port(),
                    URLEncoder.encode(messageId, StandardCharsets.UTF_8)));
    HttpRequest request = HttpRequest.newBuilder(uri).header("Accept", "text/plain").build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      return switch (answer.statusCode()) {
        case HTTP_OK -> told(answer.body());
        case HTTP_NOT_FOUND -> unknown();
        default -> throw new IOException(uri + " answers " + answer.statusCode());
      };
    }
  }

  private int readFiles(ServerConfiguration configuration) throws StoreUnavailable {
    try (SegmentLog log = SegmentLog.openReadOnly(configuration.storage().directory())) {
      List<MessageStory> stories = MessageStory.find(log, messageId);
      return stories.isEmpty() ? unknown() : told(StoryText.text(stories));
    }
  }

  private static int told(String story) {
    System.out.println(story.stripTrailing());
    return 0;
  }

  private int unknown() {
    System.err.println("continuo: no message with the id " + messageId + " is in the log");
    return Main.FAILED;
  }
}
