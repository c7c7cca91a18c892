/**
 * How entities are stored and how their messages travel: Akka's serializers around the one codec.
 *
 * <p>Way in: {@link io.tandem.node.entity.wire.EntityCodecs} (which names exist) and {@link
 * io.tandem.node.entity.wire.EntitySerializers} (to be given to the actor system). Stored events
 * are the envelope's bytes as they are; Java serialization is off. Neighbours: {@code
 * persistence.journal} for the codec; {@code entity.host} for what is carried.
 */
@NullMarked
package io.tandem.node.entity.wire;

import org.jspecify.annotations.NullMarked;
