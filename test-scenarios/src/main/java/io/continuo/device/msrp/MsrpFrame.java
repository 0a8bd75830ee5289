package io.continuo.device.msrp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// One MSRP request or response as text (RFC 4975 §7, §9).
public sealed interface MsrpFrame {
  /// Transaction identifier.
  String transaction();

  List<Header> headers();

  byte[] bytes();

  /// One header line.
  record Header(String name, String value) {}

  default Optional<String> header(String name) {
    return headers().stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .findFirst();
  }

  /// The innermost path element names the session: its id is between the last slash and `;`.
  default String sessionId() {
    String path = header("To-Path").orElse("").strip();
    String uri = path.substring(path.lastIndexOf(' ') + 1);
    int slash = uri.indexOf('/', "msrps://".length());
    int semicolon = uri.indexOf(';', Math.max(slash, 0));
    return slash < 0 ? "" : uri.substring(slash + 1, semicolon < 0 ? uri.length() : semicolon);
  }

  /// A request.
  ///
  /// @param body empty when there is none, not even an empty one
  /// @param flag `$`, `+` or `#`
  record Request(
      String transaction, String method, List<Header> headers, Optional<byte[]> body, char flag)
      implements MsrpFrame {
    public Request {
      headers = List.copyOf(headers);
    }

    @Override
    public byte[] bytes() {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      write(out, "MSRP " + transaction + " " + method + "\r\n");
      headers.forEach(header -> write(out, header.name() + ": " + header.value() + "\r\n"));
      body.ifPresent(content -> {
        write(out, "\r\n");
        out.writeBytes(content);
        write(out, "\r\n");
      });
      write(out, "-------" + transaction + flag + "\r\n");
      return out.toByteArray();
    }
  }

  /// A response.
  record Response(String transaction, int status, String comment, List<Header> headers)
      implements MsrpFrame {
    public Response {
      headers = List.copyOf(headers);
    }

    @Override
    public byte[] bytes() {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      write(out, ("MSRP " + transaction + " " + status + " " + comment).strip() + "\r\n");
      headers.forEach(header -> write(out, header.name() + ": " + header.value() + "\r\n"));
      write(out, "-------" + transaction + "$\r\n");
      return out.toByteArray();
    }
  }

  private static void write(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
