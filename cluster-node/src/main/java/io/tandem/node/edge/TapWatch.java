package io.tandem.node.edge;

import io.tandem.node.intercept.InterceptDesk;
import io.tandem.protocol.sip.transport.EdgeLoop;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for orders to listen in every two seconds (CMP-7), and lets the calls in progress look at
 * them: an order that begins or ends meanwhile reaches them too.
 */
public final class TapWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TapWatch.class);
  private static final long PERIOD_MILLIS = 2_000;

  private final Edge edge;
  private final EdgeLoop loop;
  private final Executor blocking;
  private final InterceptDesk desk;
  private volatile boolean closed;

  public TapWatch(Edge edge, EdgeWorld world) {
    this.edge = edge;
    this.loop = world.transport().loop();
    this.blocking = world.blocking();
    this.desk = world.intercepts();
  }

  /** Begins; the orders of before are known when it returns. */
  public void start() {
    refresh();
    again();
  }

  private void again() {
    var timer = loop.schedule(PERIOD_MILLIS, () -> blocking.execute(this::step));
    LOG.trace("next look at orders: {}", timer);
  }

  private void step() {
    if (closed) {
      return;
    }
    refresh();
    try {
      loop.execute(
          () -> {
            edge.calls().forEach(call -> call.tap().look());
            again();
          });
    } catch (RejectedExecutionException ended) {
      LOG.debug("the loop has ended");
    }
  }

  private void refresh() {
    try {
      desk.refresh();
    } catch (RuntimeException away) {
      LOG.warn("orders could not be read: {}", away.toString());
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
