package io.pgcdc.cli.plugin;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SinkProvider;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The only place where a plugin's code is called. During a call, the thread's context class loader is the plugin's, because
 * libraries search for their parts there; new threads inherit it. Linkage errors are reported with the plugin's name.
 */
record PluginCode(Path place, ClassLoader classes) {

    /** Calls the plugin. Passes on its exceptions, except linkage errors. */
    <T extends @Nullable Object> T call(Callable<T> action) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(classes);
        try {
            return action.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (LinkageError e) {
            throw broken(e);
        } catch (Exception e) {
            throw new IllegalStateException(e); // no method of the contract declares a checked exception
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Returns an object whose calls go through this class. So do calls of a sink that it creates. */
    <T> T guard(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> call(() -> {
                    try {
                        return passOn(method.invoke(target, arguments), method.getReturnType());
                    } catch (InvocationTargetException e) {
                        throw thrown(e.getCause(), type);
                    }
                })));
    }

    private @Nullable Object passOn(@Nullable Object result, Class<?> type) {
        if (type != Sink.class) {
            return result;
        }
        if (result == null) {
            throw broken(new NullPointerException("the provider returned no sink"));
        }
        return guard(Sink.class, (Sink) result);
    }

    /** Returns the exception to throw. A sink's defects are judged by delivery; a provider's stop the start. */
    private Exception thrown(@Nullable Throwable failure, Class<?> type) {
        if (failure instanceof RuntimeException e) {
            return type == SinkProvider.class && !(e instanceof CdcException) ? broken(e) : e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
        return new IllegalStateException(failure);
    }

    SinkException broken(Throwable failure) {
        Throwable cause = failure;
        for (Throwable at = failure; at != null; at = at.getCause()) {
            cause = at;
        }
        return new SinkException(
                ErrorCode.PLUGIN_BROKEN,
                "plugin " + place + " cannot be used (" + cause
                        + "). Check that its META-INF/services names a class that it contains. Build it"
                        + " against cdc-api " + version()
                        + ", and put the libraries that it needs in one folder with its jar. Details: --verbose.",
                failure);
    }

    private static String version() {
        String version = PluginCode.class.getPackage().getImplementationVersion();
        return version == null ? "of this build" : version;
    }
}
