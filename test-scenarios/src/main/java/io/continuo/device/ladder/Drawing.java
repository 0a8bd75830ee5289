package io.continuo.device.ladder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Draws a ladder as lines of text: a column a lane, and what is said at the right. Each event is
/// one line, so a ladder can be drawn while it happens. Answers are dashed and dim, so that the eye
/// follows the requests.
///
/// @param lanes left to right
/// @param width characters of a line
public record Drawing(List<String> lanes, int width, boolean colours, boolean unicode) {
  /// Characters that labels need at the right, and the narrowest and widest lanes.
  private static final int LABELS = 30;

  private static final int NARROWEST = 7;
  private static final int WIDEST = 14;

  private static final String RESET = "\u001b[0m";

  public Drawing {
    lanes = List.copyOf(lanes);
  }

  /// A whole ladder, for a log: no colours.
  public static String of(Ladder ladder) {
    Drawing drawing = new Drawing(Mermaid.order(ladder), 120, false, true);
    return drawing.header()
        + ladder.events().stream().map(drawing::line).collect(Collectors.joining());
  }

  private int pitch() {
    int free = (width - LABELS) / Math.max(1, lanes.size());
    return Math.max(NARROWEST, Math.min(WIDEST, free));
  }

  private int column(String lane) {
    return pitch() * lanes.indexOf(lane) + pitch() / 2;
  }

  private boolean fits() {
    return pitch() * lanes.size() + LABELS <= width;
  }

  /// The names of the lanes, on two lines each: `alice.phone` is `alice` over `phone`.
  public String header() {
    if (!fits()) {
      return "";
    }
    StringBuilder lines = new StringBuilder();
    for (int part = 0; part < 2; part++) {
      char[] row = blank();
      for (String lane : lanes) {
        String[] parts = lane.split("\\.", 2);
        String name = part < parts.length ? parts[part] : "";
        String shown = name.length() <= pitch() ? name : name.substring(0, pitch());
        int start = Math.max(0, column(lane) - shown.length() / 2);
        shown.getChars(0, shown.length(), row, start);
      }
      lines.append(paint("1", new String(row).stripTrailing())).append('\n');
    }
    return lines.append(new String(rails()).stripTrailing()).append('\n').toString();
  }

  /// Words in lines that fit beside each other.
  public String wrapped(String text) {
    StringBuilder lines = new StringBuilder();
    int used = 0;
    for (String word : text.split(" ")) {
      boolean fits = used > 0 && used + 1 + word.length() <= width;
      lines.append(used == 0 ? "" : fits ? " " : "\n").append(word);
      used = fits ? used + 1 + word.length() : word.length();
    }
    return lines.toString();
  }

  private char[] blank() {
    char[] row = new char[pitch() * lanes.size()];
    Arrays.fill(row, ' ');
    return row;
  }

  private char[] rails() {
    char[] row = blank();
    lanes.forEach(lane -> row[column(lane)] = unicode ? '│' : '|');
    return row;
  }

  /// One event as one line, with its line end.
  public String line(LadderEvent event) {
    if (event.kind() == LadderEvent.Kind.HEADING) {
      return paint("1", event.label()) + "\n";
    }
    if (!fits() || !lanes.contains(event.from()) || !lanes.contains(event.to())) {
      String arrow = unicode ? " → " : " -> ";
      return event.from() + arrow + event.to() + "  " + event.label() + "\n";
    }
    char[] row = rails();
    if (event.from().equals(event.to())) {
      row[column(event.from())] = unicode ? '●' : '*';
    } else {
      arrow(row, column(event.from()), column(event.to()), shaft(event));
    }
    return painted(row, event) + "\n";
  }

  private char shaft(LadderEvent event) {
    if (isAnswer(event)) {
      return unicode ? '╌' : '.';
    }
    return unicode ? '─' : '-';
  }

  /// Whether the label begins with a status.
  private static boolean isAnswer(LadderEvent event) {
    return event.label().matches("\\d{3} .*");
  }

  private void arrow(char[] row, int from, int to, char shaft) {
    for (int x = Math.min(from, to) + 1; x < Math.max(from, to); x++) {
      boolean crossing = row[x] != ' ';
      row[x] = crossing ? (unicode ? '┼' : '+') : shaft;
    }
    row[from] = unicode ? (from < to ? '├' : '┤') : '+';
    row[to + (from < to ? -1 : 1)] = unicode ? (from < to ? '▶' : '◀') : (from < to ? '>' : '<');
  }

  /// The row with only its arrow coloured, and its label behind.
  private String painted(char[] row, LadderEvent event) {
    int a = Math.min(column(event.from()), column(event.to()));
    int b = Math.max(column(event.from()), column(event.to())) + 1;
    String code = (isAnswer(event) ? "2;" : "") + colour(event.kind());
    String all = new String(row);
    List<String> parts = new ArrayList<>();
    parts.add(paint("2", all.substring(0, a)));
    parts.add(paint(code, all.substring(a, b)));
    parts.add(paint("2", all.substring(b)));
    parts.add("  " + paint(code, cut(event.label(), width - row.length - 2)));
    return String.join("", parts);
  }

  private String cut(String label, int room) {
    String more = unicode ? "…" : "~";
    return label.length() <= room ? label : label.substring(0, room - 1) + more;
  }

  private static String colour(LadderEvent.Kind kind) {
    return switch (kind) {
      case SIP -> "36";
      case MSRP -> "32";
      case NOTE -> "33";
      case HEADING -> "1";
    };
  }

  /// Text in an ANSI colour, when colours are wanted.
  public String paint(String code, String text) {
    return colours && !text.isBlank() ? "\u001b[" + code + "m" + text + RESET : text;
  }
}
