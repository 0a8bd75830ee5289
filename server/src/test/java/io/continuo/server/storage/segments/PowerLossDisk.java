package io.continuo.server.storage.segments;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// A real disk that can also tell what would be left of it if the power went now: what was synced,
/// and any part of what came after, in any order. Bytes count by sectors; a file that was made,
/// moved or deleted counts when its folder was synced.
final class PowerLossDisk implements Disk {
  private static final int SECTOR = 512;

  private final Runnable beforeEveryChange;
  private final Map<Path, Inode> names = new HashMap<>();
  private final Map<Path, Inode> syncedNames = new HashMap<>();
  private final List<Renaming> unsyncedNames = new ArrayList<>();

  /// The content of a file, whatever its name is.
  private static final class Inode {
    private byte[] synced = {};
    private final List<Change> unsynced = new ArrayList<>();
  }

  /// Bytes put at a position, or, when there are none, the file cut there.
  private record Change(int position, byte[] bytes) {
    byte[] on(byte[] file) {
      if (bytes.length == 0) {
        return Arrays.copyOf(file, position);
      }
      byte[] changed = Arrays.copyOf(file, Math.max(file.length, position + bytes.length));
      System.arraycopy(bytes, 0, changed, position, bytes.length);
      return changed;
    }
  }

  /// One name goes, one comes; either may be null.
  private record Renaming(Path folder, Path gone, Path come, Inode inode) {
    void on(Map<Path, Inode> names) {
      if (gone != null) {
        names.remove(gone);
      }
      if (come != null) {
        names.put(come, inode);
      }
    }
  }

  /// @param beforeEveryChange called on the log's threads
  PowerLossDisk(Runnable beforeEveryChange) {
    this.beforeEveryChange = beforeEveryChange;
  }

  /// What the power leaves of every file that was opened here.
  synchronized Map<Path, byte[]> lose(Random random) {
    Map<Path, Inode> left = new HashMap<>(syncedNames);
    surviving(unsyncedNames, random).forEach(renaming -> renaming.on(left));
    Map<Path, byte[]> files = new TreeMap<>();
    left.forEach((path, inode) -> {
      byte[] content = inode.synced;
      for (Change change : surviving(inode.unsynced, random)) {
        content = change.on(content);
      }
      files.put(path, content);
    });
    return files;
  }

  private static <T> List<T> surviving(List<T> all, Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> List.of();
      case 1 -> List.copyOf(all);
      case 2 -> all.subList(0, random.nextInt(all.size() + 1));
      default -> all.stream().filter(_ -> random.nextBoolean()).toList();
    };
  }

  @Override
  public LogFile open(Path path) throws IOException {
    beforeEveryChange.run();
    LogFile real = LogFile.onDisk(path);
    return new Watched(real, inode(path));
  }

  private synchronized Inode inode(Path path) {
    Inode known = names.get(path);
    if (known != null) {
      return known;
    }
    Inode made = new Inode();
    rename(new Renaming(path.getParent(), null, path, made));
    return made;
  }

  private synchronized void rename(Renaming renaming) {
    renaming.on(names);
    unsyncedNames.add(renaming);
  }

  @Override
  public void replace(Path from, Path to) throws IOException {
    beforeEveryChange.run();
    Disk.super.replace(from, to);
    rename(new Renaming(to.getParent(), from, to, inode(from)));
  }

  @Override
  public void delete(Path path) throws IOException {
    beforeEveryChange.run();
    Disk.super.delete(path);
    rename(new Renaming(path.getParent(), path, null, null));
  }

  @Override
  public void sync(Path folder) throws IOException {
    beforeEveryChange.run();
    Disk.super.sync(folder);
    synchronized (this) {
      unsyncedNames.stream()
          .filter(renaming -> renaming.folder().equals(folder))
          .forEach(renaming -> renaming.on(syncedNames));
      unsyncedNames.removeIf(renaming -> renaming.folder().equals(folder));
    }
  }

  private final class Watched implements LogFile {
    private final LogFile real;
    private final Inode inode;

    Watched(LogFile real, Inode inode) {
      this.real = real;
      this.inode = inode;
    }

    @Override
    public void write(ByteBuffer bytes, long position) throws IOException {
      beforeEveryChange.run();
      byte[] all = new byte[bytes.remaining()];
      bytes.duplicate().get(all);
      real.write(bytes, position);
      synchronized (PowerLossDisk.this) {
        int at = 0;
        while (at < all.length) {
          int inSector = SECTOR - (int) ((position + at) % SECTOR);
          int end = Math.min(all.length, at + inSector);
          inode.unsynced.add(new Change((int) position + at, Arrays.copyOfRange(all, at, end)));
          at = end;
        }
      }
    }

    @Override
    public void force() throws IOException {
      beforeEveryChange.run();
      real.force();
      synchronized (PowerLossDisk.this) {
        for (Change change : inode.unsynced) {
          inode.synced = change.on(inode.synced);
        }
        inode.unsynced.clear();
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      beforeEveryChange.run();
      real.truncate(size);
      synchronized (PowerLossDisk.this) {
        inode.unsynced.add(new Change((int) size, new byte[0]));
      }
    }

    @Override
    public void close() throws IOException {
      real.close();
    }
  }
}
