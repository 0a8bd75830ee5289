package io.continuo.server.storage.file;

import io.continuo.server.configuration.ConfigurationError;
import io.continuo.server.configuration.FlatYaml;
import io.continuo.server.configuration.InvalidConfiguration;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.registrar.ProvisionedSubscriber;
import io.continuo.server.registrar.SubscriberDirectory;
import io.continuo.server.registrar.SubscriberStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The file `storage.subscribers-file`: who is provisioned by hand. Read at start, never written.
///
/// `subscribers:` is a list of `address`, `aliases`, `username` and `ha1` (by algorithm). Passwords
/// are refused, so that none lies in a file.
public final class SubscribersFile {
  private static final Logger log = LoggerFactory.getLogger(SubscribersFile.class);

  private SubscribersFile() {}

  /// Everybody in the file; nobody when `file` is the empty path.
  ///
  /// @throws InvalidConfiguration with everything that is wrong with it
  public static List<ProvisionedSubscriber> read(Path file) throws InvalidConfiguration {
    if (file.toString().isEmpty()) {
      return List.of();
    }
    FlatYaml yaml = FlatYaml.read(file);
    List<ConfigurationError> errors = new ArrayList<>(yaml.errors());
    List<ProvisionedSubscriber> subscribers = new SubscriberEntries(yaml, errors).read();
    if (!errors.isEmpty()) {
      throw new InvalidConfiguration(file.toString(), errors);
    }
    return subscribers;
  }

  /// The file and the store together, in memory. Called once at start.
  ///
  /// @param domain ours
  public static SubscriberDirectory directory(Path file, SubscriberStore store, String domain)
      throws InvalidConfiguration, StoreUnavailable {
    SubscriberDirectory directory = new SubscriberDirectory(read(file), store.all(), domain);
    for (String name : directory.overridden()) {
      log.atWarn().addKeyValue("name", name).log("subscribers.file-overrides-store");
    }
    log.atInfo().addKeyValue("subscribers", directory.size()).log("subscribers.loaded");
    return directory;
  }
}
