package io.tandem.node.entity.wire;

import akka.serialization.SerializationSetup;
import akka.serialization.SerializerDetails;
import io.tandem.node.entity.host.HostMessage;
import io.tandem.node.entity.host.Hosted;
import io.tandem.node.entity.host.Recorded;
import java.util.List;

/** What an actor system is to be started with, so that it can store and send what hosts handle. */
public final class EntitySerializers {

  private EntitySerializers() {}

  /** To be among the setups of the actor system. */
  public static SerializationSetup of(EntityCodecs codecs) {
    return SerializationSetup.create(
        system ->
            List.of(
                SerializerDetails.create(
                    "tandem-event",
                    new EventSerializer(codecs),
                    List.of(Recorded.class, Hosted.class)),
                SerializerDetails.create(
                    "tandem-message",
                    new MessageSerializer(codecs, system),
                    List.of(HostMessage.Deliver.class, HostMessage.HostReply.class))));
  }
}
