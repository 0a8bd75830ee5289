package io.continuo.demo;

import io.continuo.device.ladder.Drawing;
import io.continuo.device.ladder.Ladder;
import io.continuo.device.ladder.LadderEvent;
import java.io.PrintStream;

/// Draws the ladder while it happens, a scene at a time.
///
/// Threading: events come under the ladder's lock, scenes from the story's thread.
final class Picture {
  private final Drawing drawing;
  private final PrintStream out;
  private volatile boolean live;

  Picture(Ladder ladder, Drawing drawing, PrintStream out) {
    this.drawing = drawing;
    this.out = out;
    ladder.listen(this::draw);
  }

  PrintStream out() {
    return out;
  }

  /// Begins a scene.
  void scene(String title, String explanation) {
    out.println();
    out.println(drawing.paint("1;4", title));
    out.println(drawing.wrapped(explanation));
    out.println();
    out.print(drawing.header());
    live = true;
  }

  /// Ends the scene's drawing.
  void pause() {
    live = false;
    out.println();
  }

  private void draw(LadderEvent event) {
    if (live && isShown(event.label())) {
      out.print(drawing.line(event));
      out.flush();
    }
  }

  /// Trying, and the devices' own barriers, say nothing about the figures.
  private static boolean isShown(String label) {
    return !label.startsWith("100 ") && !label.contains("OPTIONS") && !label.contains("(barrier)");
  }
}
