package io.continuo.server.storage.segments;

import java.util.Arrays;

/// Where records stand, in log order: twelve bytes for each. Guarded by [LogIndex].
///
/// A position is one number, `segment << 40 | offset`, so that its order is the order of the log.
final class Positions {
  private static final int OFFSET_BITS = 40;

  private long[] positions = new long[4];
  private int[] sizes = new int[4];
  private int count;

  static long position(int segment, long offset) {
    return (long) segment << OFFSET_BITS | offset;
  }

  static int segment(long position) {
    return (int) (position >>> OFFSET_BITS);
  }

  static long offset(long position) {
    return position & (1L << OFFSET_BITS) - 1;
  }

  int count() {
    return count;
  }

  long position(int index) {
    return positions[index];
  }

  int size(int index) {
    return sizes[index];
  }

  void add(long position, int size) {
    if (count == positions.length) {
      positions = Arrays.copyOf(positions, count * 2);
      sizes = Arrays.copyOf(sizes, count * 2);
    }
    positions[count] = position;
    sizes[count++] = size;
  }

  boolean contains(long position) {
    return Arrays.binarySearch(positions, 0, count, position) >= 0;
  }

  /// The same record stands elsewhere in the same segment now, still between its neighbours.
  void move(long from, long to) {
    int index = Arrays.binarySearch(positions, 0, count, from);
    if (index >= 0) {
      positions[index] = to;
    }
  }
}
