package io.tandem.protocol.media.playout;

import io.tandem.protocol.media.mix.Sound;
import java.util.ArrayList;
import java.util.List;

/**
 * Sounds one after the other, with marks between them that say how far the listener got: what was
 * heard when a key interrupted it. Immutable; each playing tells its own marks.
 */
public final class Playlist implements Sound {
  /** Is told of marks, by the thread of the beat; must not wait. */
  @FunctionalInterface
  public interface Marks {
    /** The playing has come to this mark. */
    void reached(String mark);
  }

  private sealed interface Item {
    record Play(Sound sound) implements Item {}

    record Mark(String name) implements Item {}
  }

  private final List<Item> items;
  private final Marks marks;

  private Playlist(List<Item> items, Marks marks) {
    this.items = items;
    this.marks = marks;
  }

  /** An empty one. */
  public static Playlist tellingMarksTo(Marks marks) {
    return new Playlist(List.of(), marks);
  }

  /** The same with one more sound. */
  public Playlist then(Sound sound) {
    return with(new Item.Play(sound));
  }

  /** The same with a mark, told when all before it was played. */
  public Playlist mark(String name) {
    return with(new Item.Mark(name));
  }

  private Playlist with(Item item) {
    List<Item> more = new ArrayList<>(items);
    more.add(item);
    return new Playlist(List.copyOf(more), marks);
  }

  @Override
  public Playing at(int rateHz) {
    List<Object> steps = new ArrayList<>();
    for (Item item : items) {
      switch (item) {
        case Item.Play play -> steps.add(play.sound().at(rateHz));
        case Item.Mark mark -> steps.add(mark.name());
      }
    }
    int[] step = new int[1];
    return (samples, from, count) -> {
      int done = 0;
      while (step[0] < steps.size()) {
        if (steps.get(step[0]) instanceof Playing sound) {
          if (done == count) {
            return done;
          }
          done += sound.fill(samples, from + done, count - done);
          if (done == count) {
            return done;
          }
        } else {
          marks.reached((String) steps.get(step[0]));
        }
        step[0]++;
      }
      return done;
    };
  }
}
