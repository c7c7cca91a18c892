package io.tandem.node.edge.register;

import io.tandem.persistence.readmodel.SipBinding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * On which flow each device of a phone is called (RFC 5626 section 7): never on two of one
 * instance, or it would ring twice. The one that was registered last is used while it is there;
 * when it is gone, the next one that is.
 */
public final class Flows {
  private Flows() {}

  /**
   * One binding a device.
   *
   * @param held those that hold, the one that lasts longest first
   * @param isGone whether the connection of a binding is known to be closed
   */
  public static List<SipBinding> called(List<SipBinding> held, Predicate<SipBinding> isGone) {
    List<SipBinding> called = new ArrayList<>();
    Map<String, List<SipBinding>> flows = new LinkedHashMap<>();
    for (SipBinding binding : held) {
      if (binding.regId() > 0) {
        flows.computeIfAbsent(binding.instance(), instance -> new ArrayList<>()).add(binding);
      } else if (!isGone.test(binding)) {
        called.add(binding);
      }
    }
    flows.values().stream()
        .map(of -> of.stream().filter(flow -> !isGone.test(flow)).findFirst())
        .forEach(there -> there.ifPresent(called::add));
    return called;
  }
}
