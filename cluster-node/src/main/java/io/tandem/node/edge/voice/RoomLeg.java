package io.tandem.node.edge.voice;

import io.tandem.protocol.media.mix.Sound;
import io.tandem.protocol.media.relay.Relay;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.media.voice.LegFormat;
import io.tandem.protocol.media.voice.Member;
import io.tandem.protocol.media.voice.RelayDoor;
import io.tandem.protocol.media.voice.VoiceLeg;
import io.tandem.protocol.media.voice.VoiceRoom;
import org.jspecify.annotations.Nullable;

/** One side of a call while it is in a room: its packets are taken from the relay and come back. */
final class RoomLeg {
  private final VoiceRoom room;
  private final RelayDoor door;
  private final VoiceLeg leg;
  private final Member member;
  private @Nullable Sound music;

  private RoomLeg(VoiceRoom room, RelayDoor door, VoiceLeg leg, Member member) {
    this.room = room;
    this.door = door;
    this.leg = leg;
    this.member = member;
  }

  /** Takes a side into a room that has a place for it. */
  static RoomLeg enter(VoiceDesk desk, VoiceRoom room, Relay relay, Side side, LegFormat format) {
    RelayDoor door = RelayDoor.open(relay, side);
    VoiceLeg leg = new VoiceLeg(format, door, desk.newSource());
    Member member = room.join(leg, desk.now()).orElseThrow();
    door.lead(leg);
    return new RoomLeg(room, door, leg, member);
  }

  LegFormat format() {
    return leg.format();
  }

  VoiceLeg leg() {
    return leg;
  }

  Member member() {
    return member;
  }

  /** Plays music in place of the other side, from its beginning when it is another; null: none. */
  @SuppressWarnings(
      "ReferenceEquality") // the same player goes on, a new one of the same music begins
  void hold(@Nullable Sound next) {
    if (next != null && !next.equals(music)) {
      member.hold(next);
    } else if (next == null && music != null) {
      member.resume();
    }
    music = next;
  }

  /** What it was told before the answer ends; music on hold goes on. */
  void quiet() {
    if (music == null) {
      member.stopSound();
    }
  }

  /** It is relayed again. A beat that is under way ends first, for the room's lock is taken. */
  void leave() {
    door.close();
    room.leave(member);
    leg.close();
  }
}
