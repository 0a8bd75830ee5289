package io.continuo.device.ladder;

import java.util.ArrayList;
import java.util.List;

/// A ladder as Markdown with a Mermaid `sequenceDiagram`.
public final class Mermaid {
  private Mermaid() {}

  /// @param title the heading of the page
  public static String page(String title, Ladder ladder) {
    List<String> lanes = order(ladder);
    List<String> lines = new ArrayList<>();
    lines.add("# " + title);
    lines.add("");
    lines.add("```mermaid");
    lines.add("sequenceDiagram");
    lanes.forEach(lane -> lines.add("  participant " + id(lanes, lane) + " as " + text(lane)));
    ladder.events().forEach(event -> lines.add("  " + line(lanes, event)));
    lines.add("```");
    return String.join("\n", lines) + "\n";
  }

  /// The lanes with the server in the middle, the others in order of appearance.
  public static List<String> order(Ladder ladder) {
    List<String> lanes = new ArrayList<>(ladder.lanes());
    if (lanes.remove(ladder.server())) {
      lanes.add((lanes.size() + 1) / 2, ladder.server());
    }
    return lanes;
  }

  private static String line(List<String> lanes, LadderEvent event) {
    String from = id(lanes, event.from());
    return switch (event.kind()) {
      case HEADING -> "Note over L0,L" + (lanes.size() - 1) + ": " + text(event.label());
      case NOTE -> "Note over " + from + ": " + text(event.label());
      case SIP, MSRP -> from + "->>" + id(lanes, event.to()) + ": " + text(event.label());
    };
  }

  private static String id(List<String> lanes, String lane) {
    return "L" + lanes.indexOf(lane);
  }

  /// What Mermaid would read as syntax becomes an entity.
  private static String text(String label) {
    return label
        .replace("#", "\u0001")
        .replace(";", "#59;")
        .replace("\u0001", "#35;")
        .replaceAll("\\s+", " ");
  }
}
