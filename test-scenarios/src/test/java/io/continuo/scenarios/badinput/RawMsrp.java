package io.continuo.scenarios.badinput;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.continuo.device.sip.SipText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

/// An MSRP peer that says exactly the bytes it is told to. What the server SENDs to it is answered
/// 200 on the way.
final class RawMsrp implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 60_000;

  private final Socket socket;

  RawMsrp(InetSocketAddress server) {
    try {
      socket = new Socket(server.getAddress(), server.getPort());
      socket.setSoTimeout(PATIENCE_MILLIS);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /// A request, with its head after the paths and its body, as text.
  ///
  /// @param rest headers, an empty line and the body; empty: nothing
  static String request(String method, String to, String from, String rest) {
    String id = SipText.random(6);
    String more = rest.isEmpty() ? "" : rest + "\r\n";
    return "MSRP %s %s\r\nTo-Path: %s\r\nFrom-Path: %s\r\n%s-------%s$\r\n"
        .formatted(id, method, to, from, more, id);
  }

  /// Says a request and hears the status of its answer.
  int asks(String request) {
    says(request);
    String id = request.split(" ")[1];
    try {
      while (true) {
        String frame = frame();
        if (frame.startsWith("MSRP " + id + " ")) {
          return Integer.parseInt(frame.split("[ \r]")[2]);
        }
        answer(frame);
      }
    } catch (IOException failed) {
      throw new AssertionError("no answer to " + request, failed);
    }
  }

  void says(String text) {
    try {
      socket.getOutputStream().write(text.getBytes(UTF_8));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /// Says as much of it as the server takes before it closes the connection; whether it does.
  boolean isHungUpOn(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      for (String frame = frame(); !frame.isEmpty(); frame = frame()) {
        answer(frame);
      }
      return true;
    } catch (SocketTimeoutException stillOpen) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  private void answer(String frame) throws IOException {
    String[] start = frame.lines().findFirst().orElse("").split(" ");
    if (start.length == 3 && start[2].equals("SEND")) {
      String response =
          "MSRP %s 200 OK\r\nTo-Path: %s\r\nFrom-Path: %s\r\n-------%s$\r\n"
              .formatted(
                  start[1],
                  RawRequest.value(frame, "From-Path"),
                  RawRequest.value(frame, "To-Path"),
                  start[1]);
      socket.getOutputStream().write(response.getBytes(UTF_8));
    }
  }

  /// The next message; empty at the end of the connection.
  private String frame() throws IOException {
    InputStream in = socket.getInputStream();
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    String end = "";
    while (true) {
      int next = in.read();
      if (next < 0) {
        return "";
      }
      read.write(next);
      if (next == '\n') {
        String text = read.toString(UTF_8);
        end = end.isEmpty() ? "-------" + text.split(" ")[1] : end;
        if (text.matches("(?s).*\r\n" + end + "[$+#]\r\n")) {
          return text;
        }
      }
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
