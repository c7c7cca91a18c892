package io.tandem.node.entity.wire;

import akka.dispatch.DispatcherPrerequisites;
import akka.dispatch.ExecutorServiceConfigurator;
import akka.dispatch.ExecutorServiceFactory;
import akka.dispatch.MonitorableThreadFactory;
import com.typesafe.config.Config;
import java.util.concurrent.ThreadFactory;

/**
 * The executor of dispatchers whose work is many small things: {@link CalmPool}. Named in {@code
 * tandem-akka.conf}; made by Akka.
 */
public final class FewThreads extends ExecutorServiceConfigurator {

  private final int threads;

  /**
   * As Akka calls it.
   *
   * @param config the dispatcher: {@code threads-min}, {@code threads-max}; between them, as many
   *     as there are processors
   */
  public FewThreads(Config config, DispatcherPrerequisites prerequisites) {
    super(config, prerequisites);
    this.threads =
        Math.clamp(
            Runtime.getRuntime().availableProcessors(),
            config.getInt("threads-min"),
            config.getInt("threads-max"));
  }

  @Override
  public ExecutorServiceFactory createExecutorServiceFactory(
      String id, ThreadFactory threadFactory) {
    ThreadFactory named =
        threadFactory instanceof MonitorableThreadFactory akkas
            ? akkas.withName(akkas.name() + "-" + id)
            : threadFactory;
    return () -> CalmPool.start(named, threads, System::nanoTime);
  }
}
