package io.tandem.node.entity.host;

import io.tandem.node.entity.host.HostMessage.Why;

/**
 * What a host tells its operator. Ids of entities may be logged; contents of commands and events
 * never.
 */
public interface HostWatch {

  /**
   * A batch is durable; {@code micros} since it was handed to the journal, 0 where nothing was
   * written.
   */
  void written(String noun, int commands, int events, long micros);

  /** An entity has been loaded. */
  void recovered(String noun, long events);

  /** A command got no answer. */
  void refused(String noun, Why why);

  /**
   * A write failed or its outcome is unknown; the entity stops and is loaded again by the next
   * command.
   */
  void writeFailed(String noun, String id, long sequence);

  /**
   * Alarm: the events of an entity cannot be loaded; {@code why} is CANNOT_LOAD, UNREADABLE or
   * FENCED.
   */
  void stopped(String noun, String id, Why why, Throwable cause);

  /** Alarm: rules threw, or what they decided cannot be encoded; a mistake in the program. */
  void rulesFailed(String noun, String id, String what, Throwable cause);

  /** A snapshot could not be stored; the next one will be tried in time. */
  void snapshotFailed(String noun, String id, Throwable cause);

  /** An effect was sent; {@code attempt} from 1. */
  void sent(String noun, int attempt);
}
