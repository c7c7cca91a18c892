package io.tandem.protocol.media.voice;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tandem.protocol.media.loop.PacketInlet;
import io.tandem.protocol.media.relay.Relay;
import io.tandem.protocol.media.relay.Side;

/**
 * The door between a leg of a {@link Relay} and its {@link VoiceLeg}: packets come in by the
 * relay's tap and go out by its socket. The beat's thread puts packets into a ring, the leg's loop
 * sends them; when the loop is stalled for longer than the ring, the newest are dropped.
 */
public final class RelayDoor implements PacketDoor, AutoCloseable {
  private static final int SLOTS = 8;
  private static final int MAX_PACKET_OCTETS = 2048 + PacketInlet.ROOM_OCTETS;

  private final Relay relay;
  private final Side side;
  private final ByteBuf[] slots = new ByteBuf[SLOTS];
  private final Runnable drain = this::drain;
  private int head;
  private int waiting;
  private boolean closed;

  private RelayDoor(Relay relay, Side side) {
    this.relay = relay;
    this.side = side;
    for (int i = 0; i < SLOTS; i++) {
      slots[i] = Unpooled.directBuffer(MAX_PACKET_OCTETS, MAX_PACKET_OCTETS);
    }
  }

  /** Takes one side of a call to the voice path; the other side is not touched. */
  public static RelayDoor open(Relay relay, Side side) {
    return new RelayDoor(relay, side);
  }

  /** From now on the party's packets go to this leg. */
  public void lead(VoiceLeg leg) {
    relay.leg(side).divert(leg::onPacket);
  }

  @Override
  public void send(byte[] packet, int octets) {
    synchronized (this) {
      if (closed || waiting == SLOTS) {
        return;
      }
      ByteBuf slot = slots[(head + waiting) % SLOTS];
      slot.clear().writeBytes(packet, 0, octets);
      waiting++;
    }
    relay.leg(side).execute(drain);
  }

  private synchronized void drain() {
    while (waiting > 0) {
      relay.speak(side, slots[head]);
      head = (head + 1) % SLOTS;
      waiting--;
    }
  }

  /** The leg is relayed again. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      relay.leg(side).divert(null);
      waiting = 0;
      for (ByteBuf slot : slots) {
        slot.release();
      }
    }
  }
}
