package io.tandem.ops.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs the annotation through JUnit itself. */
class NeedsPeerTest {
  @Test
  void a_test_without_its_peer_is_skipped_visibly_and_one_with_it_runs() {
    var told = new ArrayList<String>();
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request().selectors(selectClass(Sample.class)).build();
    LauncherFactory.create()
        .execute(
            request,
            new TestExecutionListener() {
              @Override
              public void executionSkipped(TestIdentifier test, String reason) {
                told.add(test.getDisplayName() + " " + reason);
              }

              @Override
              public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest()) {
                  told.add(test.getDisplayName() + " " + result.getStatus());
                }
              }
            });
    assertThat(told)
        .containsExactlyInAnyOrderElementsOf(
            List.of("needs_a_shell() SUCCESSFUL", "needs_a_unicorn() needs peer: no-such-unicorn"));
  }

  /** Not picked up by itself: its name ends in no word that surefire looks for. */
  static final class Sample {
    @Test
    @NeedsPeer("sh")
    void needs_a_shell() {}

    @Test
    @NeedsPeer({"sh", "no-such-unicorn"})
    void needs_a_unicorn() {}
  }
}
