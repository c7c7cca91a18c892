package io.tandem.node.entity.wire;

import akka.actor.ExtendedActorSystem;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.javadsl.Adapter;
import akka.serialization.SerializerWithStringManifest;
import io.tandem.node.entity.Command;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.node.entity.host.HostMessage;
import io.tandem.node.entity.host.HostMessage.Answered;
import io.tandem.node.entity.host.HostMessage.Deliver;
import io.tandem.node.entity.host.HostMessage.Refused;
import io.tandem.node.entity.host.HostMessage.Why;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.JournalException.Fault;
import io.tandem.persistence.journal.WireName;

/** Commands and replies between nodes, in the codec's clear form. */
final class MessageSerializer extends SerializerWithStringManifest {

  /** In every message; never to be changed. */
  static final int IDENTIFIER = 7_302;

  private final EventCodec codec;
  private final ExtendedActorSystem system;

  MessageSerializer(EntityCodecs codecs, ExtendedActorSystem system) {
    this.codec = codecs.clear();
    this.system = system;
  }

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object value) {
    Class<?> form =
        switch (value) {
          case Deliver unused -> MessageForm.Delivery.class;
          case Answered unused -> MessageForm.Answer.class;
          case Refused unused -> MessageForm.Refusal.class;
          default -> throw notOurs(value);
        };
    return codec.names().nameOf(form).toString();
  }

  @Override
  public byte[] toBinary(Object value) {
    return codec.encode(
        switch (value) {
          case Deliver deliver -> formOf(deliver);
          case Answered answered -> {
            Record reply = (Record) answered.reply();
            yield new MessageForm.Answer(
                answered.commandId(), codec.nameOf(reply).toString(), codec.encode(reply));
          }
          case Refused refused ->
              new MessageForm.Refusal(refused.commandId(), refused.why().name());
          default -> throw notOurs(value);
        });
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) {
    return messageOf(codec.decode(WireName.parse(manifest), bytes, MessageForm.class));
  }

  private MessageForm.Delivery formOf(Deliver deliver) {
    Record command = (Record) deliver.command();
    return new MessageForm.Delivery(
        deliver.target().type(),
        deliver.target().id(),
        deliver.origin().commandId(),
        deliver.origin().cause(),
        deliver.origin().actor(),
        resolver().toSerializationFormat(deliver.replyTo()),
        codec.nameOf(command).toString(),
        codec.encode(command));
  }

  private HostMessage messageOf(MessageForm form) {
    return switch (form) {
      case MessageForm.Delivery it ->
          new Deliver(
              new EntityKey(it.entityType(), it.entityId()),
              codec.decode(WireName.parse(it.commandName()), it.command(), Command.class),
              new Origin(it.commandId(), it.cause(), it.actor()),
              resolver().resolveActorRef(it.replyTo()));
      case MessageForm.Answer it ->
          new Answered(
              it.commandId(),
              codec.decode(WireName.parse(it.replyName()), it.reply(), Reply.class));
      case MessageForm.Refusal it -> new Refused(it.commandId(), Why.valueOf(it.why()));
    };
  }

  /** Asked for each time: while serializers are made, the system has no extensions yet. */
  private ActorRefResolver resolver() {
    return ActorRefResolver.get(Adapter.toTyped(system));
  }

  private static JournalException notOurs(Object value) {
    return new JournalException(Fault.UNWRITABLE, "not a message: " + value.getClass().getName());
  }
}
