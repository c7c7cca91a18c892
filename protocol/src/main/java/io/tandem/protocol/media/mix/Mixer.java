package io.tandem.protocol.media.mix;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sound of one room (TEL-8): every 20 ms one pass, after which each seat hears all voices but
 * its own. At most a given number of voices is heard, the loudest; who hears without being heard
 * shares one mix with all others of the same rate, so that it needs encoding once only. A voice is
 * resampled to the rates that are in the room, and taken out of the sum as it was put in.
 *
 * <p>Pure but for its memory; nothing is allocated on a pass once a seat has spoken. One thread.
 */
public final class Mixer {
  static final int RATES = 3;

  private final int maxHeard;
  private final @Nullable Layer[] layers = new Layer[RATES];
  private final int[] seatsAtRate = new int[RATES];
  private final List<Seat> seats = new ArrayList<>();
  private final @Nullable Seat[] loudest;
  private int heardNow;

  /**
   * @param maxHeard voices at once; more than about eight are not understood anyway
   */
  public Mixer(int maxHeard) {
    this.maxHeard = maxHeard;
    this.loudest = new Seat[maxHeard];
  }

  /**
   * A new seat.
   *
   * @param rateHz 8000, 16000 or 48000
   * @param gainControlled whether its loudness is evened out
   */
  public Seat join(int rateHz, boolean gainControlled, long nowNanos) {
    Seat seat = new Seat(rateHz, gainControlled, nowNanos);
    int index = index(rateHz);
    seatsAtRate[index]++;
    if (layers[index] == null) {
      layers[index] = new Layer(rateHz);
    }
    seats.add(seat);
    return seat;
  }

  /** The seat is empty from now on. */
  public void leave(Seat seat) {
    if (seats.remove(seat)) {
      seatsAtRate[index(seat.rateHz)]--;
    }
  }

  /** Seats that are taken. */
  public int size() {
    return seats.size();
  }

  /** Plays something to everybody, with the voices: an entry tone, an announcement. */
  public void announce(Sound sound) {
    for (int i = 0; i < RATES; i++) {
      Layer layer = layers[i];
      if (layer != null && seatsAtRate[i] > 0) {
        layer.announce(sound);
      }
    }
  }

  /** Who speaks loudest now, null for nobody. */
  public @Nullable Seat activeSpeaker() {
    Seat first = heardNow > 0 ? loudest[0] : null;
    return first != null && first.isSpeaking() ? first : null;
  }

  /** Voices that were mixed in the last pass. */
  public int heard() {
    return heardNow;
  }

  /** Mixes 20 ms. */
  public void pass() {
    choose();
    for (int i = 0; i < RATES; i++) {
      Layer layer = layers[i];
      if (layer != null && seatsAtRate[i] > 0) {
        layer.clear();
        for (int s = 0; s < heardNow; s++) {
          Seat seat = loudest[s];
          if (seat != null) {
            layer.add(seat.at(layer, i));
          }
        }
        layer.finish();
      }
    }
    for (int i = 0; i < seats.size(); i++) {
      Seat seat = seats.get(i);
      Layer layer = layers[index(seat.rateHz)];
      if (layer != null) {
        seat.listen(layer);
      }
    }
  }

  /** The loudest voices, loudest first, by insertion: one look at each seat. */
  private void choose() {
    int count = 0;
    for (int i = 0; i < seats.size(); i++) {
      Seat seat = seats.get(i);
      if (seat.mayBeHeard()) {
        count = insert(seat, count);
      }
    }
    for (int i = 0; i < seats.size(); i++) {
      seats.get(i).heard = false;
    }
    for (int i = 0; i < count; i++) {
      Seat seat = loudest[i];
      if (seat != null) {
        seat.heard = true;
      }
    }
    for (int i = count; i < heardNow; i++) {
      loudest[i] = null; // who left is not kept alive
    }
    heardNow = count;
  }

  private int insert(Seat seat, int count) {
    double rank = seat.rank();
    int place = count;
    while (place > 0 && rankOf(place - 1) < rank) {
      place--;
    }
    if (place >= maxHeard) {
      return count;
    }
    int last = Math.min(count, maxHeard - 1);
    System.arraycopy(loudest, place, loudest, place + 1, last - place);
    loudest[place] = seat;
    return Math.min(count + 1, maxHeard);
  }

  private double rankOf(int place) {
    Seat seat = loudest[place];
    return seat == null ? 0 : seat.rank();
  }

  private static int index(int rateHz) {
    return switch (rateHz) {
      case 8000 -> 0;
      case 16000 -> 1;
      case 48000 -> 2;
      default -> throw new IllegalArgumentException("8000, 16000 or 48000: " + rateHz);
    };
  }
}
