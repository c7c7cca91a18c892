package io.tandem.ops.system;

import io.tandem.ops.phone.Phones;
import io.tandem.protocol.media.codec.VoiceCodec;
import io.tandem.protocol.media.dtls.DtlsIdentity;
import io.tandem.protocol.media.relay.Relay;
import io.tandem.protocol.media.relay.RemoteParty;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.media.secure.LegSecurity;
import io.tandem.protocol.media.secure.SecurityPolicy;
import io.tandem.protocol.media.voice.LegFormat;
import io.tandem.protocol.media.voice.Member;
import io.tandem.protocol.media.voice.RelayDoor;
import io.tandem.protocol.media.voice.VoiceLeg;
import io.tandem.protocol.media.voice.VoiceRoom;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.sdp.AudioSession;
import io.tandem.protocol.sip.sdp.Codec;
import io.tandem.protocol.sip.sdp.Direction;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.ua.CallMedia;
import io.tandem.protocol.sip.ua.UaCall;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A call of our user agent to a phone, whose sound is a relay's leg on the voice path: what the
 * edge will do with its legs once calls can ask it to.
 */
final class RoomLine implements CallMedia, AutoCloseable {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int DYNAMIC_TYPE = 96;

  private final Relay relay;
  private final Side side;
  private final VoiceCodec codec;
  private final Codec spoken;
  private final LegSecurity security;
  private final RelayDoor door;
  private final VoiceLeg leg;
  private final VoiceRoom room;
  private final Member member;
  private final List<String> objections = new CopyOnWriteArrayList<>();
  private final Phones phones;
  private final UaCall call;

  private RoomLine(
      InetSocketAddress phone,
      Relay relay,
      Side side,
      VoiceCodec codec,
      SecurityPolicy policy,
      VoiceRoom room) {
    this.relay = relay;
    this.side = side;
    this.codec = codec;
    this.room = room;
    int type = codec.payloadType() == VoiceCodec.DYNAMIC ? DYNAMIC_TYPE : codec.payloadType();
    int channels = codec == VoiceCodec.OPUS ? 2 : 1; // RFC 7587: always said to be two
    this.spoken = new Codec(type, codec.encodingName(), codec.clockRateHz(), channels, null);
    this.security =
        new LegSecurity(
            relay.leg(side),
            policy,
            DtlsIdentity.generate(RANDOM, Instant.now()),
            RANDOM,
            System::nanoTime,
            Phones.HOST);
    this.door = RelayDoor.open(relay, side);
    this.leg = new VoiceLeg(new LegFormat(codec, type, 101), door, RANDOM.nextInt());
    door.lead(leg);
    this.member = room.join(leg, System.nanoTime()).orElseThrow();
    this.phones = Phones.open(phone, (sent, message) -> {});
    this.call =
        phones
            .line("tandem", null, incoming -> incoming.refuse(486))
            .call(SipUri.sip("phone", Phones.HOST, phone.getPort()), this);
  }

  /** Calls the phone; its sound joins the room. */
  static RoomLine calling(
      InetSocketAddress phone,
      Relay relay,
      Side side,
      VoiceCodec codec,
      SecurityPolicy policy,
      VoiceRoom room) {
    return new RoomLine(phone, relay, side, codec, policy, room);
  }

  @Override
  public AudioSession session() {
    return new AudioSession(
        Phones.HOST, relay.leg(side).localPort(), List.of(spoken, Codec.TELEPHONE_EVENT));
  }

  @Override
  public Sdp offer(Direction direction) {
    return security.offer(session().offer(direction));
  }

  @Override
  public void described(Sdp remote) {
    security.objection(remote).ifPresent(objections::add);
    security.heardAnswer(remote);
    remote
        .audioEndpoint()
        .flatMap(
            there ->
                Destination.literal(there.address())
                    .map(address -> new InetSocketAddress(address, there.rtpPort())))
        .map(rtp -> RemoteParty.phone(rtp, LOOPBACK).withClockRate(codec.clockRateHz()))
        .ifPresent(relay.leg(side)::expect);
  }

  @Override
  public void ended() {
    room.leave(member);
  }

  /** Waits until the phone has answered. */
  RoomLine answered() throws Exception {
    if (!call.answered().get(20, TimeUnit.SECONDS)) {
      throw new AssertionError("the phone did not answer: " + call.state());
    }
    return this;
  }

  /** The call. */
  UaCall call() {
    return call;
  }

  /** Its sound in the room. */
  Member member() {
    return member;
  }

  /** Whether its packets are sealed and opened. */
  boolean isEncrypted() {
    return security.guard().isPresent();
  }

  /** Answers that should not have been taken. */
  List<String> objections() {
    return objections;
  }

  /** Hangs up, and waits for the answer: a phone may be asked to end next. */
  @Override
  public void close() {
    call.hangUp();
    try {
      var unused = call.ended().get(5, TimeUnit.SECONDS);
    } catch (Exception late) {
      throw new AssertionError("the call does not end", late);
    } finally {
      room.leave(member);
      door.close();
      leg.close();
      security.close();
      phones.close();
    }
  }
}
